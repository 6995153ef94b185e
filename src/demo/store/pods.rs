//! What only pods have: the lines they wrote, and evictions that disruption budgets may refuse.
use std::sync::{Arc, PoisonError};

use serde_json::{Value, json};

use super::{
    Api, Delete, Object, Refusal,
    resource::{DISRUPTION_BUDGETS, PODS},
};

/// The lines of a container, by namespace, pod and container; the flag asks for those of the run before.
pub type Logs = Box<dyn Fn(&str, &str, &str, bool) -> Vec<String> + Send + Sync>;

impl Api {
    /// Says where logs come from. Without it every log is empty.
    pub fn set_logs(&self, logs: Logs) {
        *self.shared.logs.write().unwrap_or_else(PoisonError::into_inner) = Some(logs);
    }

    pub fn logs(&self, namespace: &str, pod: &str, container: &str, previous: bool) -> Vec<String> {
        let logs = self.shared.logs.read().unwrap_or_else(PoisonError::into_inner);
        logs.as_ref().map(|logs| logs(namespace, pod, container, previous)).unwrap_or_default()
    }

    /// Deletes a pod unless a disruption budget forbids it; 429 then, as from a real server.
    pub fn evict(&self, namespace: &str, name: &str, how: &Delete) -> Result<Arc<Object>, Refusal> {
        let pod = self.get(&PODS, namespace, name).ok_or_else(|| Refusal::not_found(&PODS, name))?;
        let phase = pod.value()["status"]["phase"].as_str().unwrap_or_default().to_owned();
        let guarded = !pod.deleting && !matches!(phase.as_str(), "Succeeded" | "Failed" | "Pending");
        for budget in self.list(&DISRUPTION_BUDGETS, Some(namespace)).objects.iter().filter(|_| guarded) {
            let value = budget.value();
            if selects(&value["spec"]["selector"], &pod) {
                self.spend(namespace, &budget.name, &value, how.dry_run)?;
            }
        }
        self.delete(&PODS, namespace, name, how)
    }

    /// Takes one disruption off a budget.
    fn spend(&self, namespace: &str, name: &str, budget: &Value, dry_run: bool) -> Result<(), Refusal> {
        let status = &budget["status"];
        let number = |field: &str| status[field].as_i64().unwrap_or(0);
        if number("disruptionsAllowed") <= 0 {
            let mut refusal = Refusal::new(
                429,
                "TooManyRequests",
                "Cannot evict pod as it would violate the pod's disruption budget.",
            );
            let message = format!(
                "The disruption budget {name} needs {} healthy pods and has {} currently",
                number("desiredHealthy"),
                number("currentHealthy")
            );
            refusal.details = json!({ "causes": [{ "reason": "DisruptionBudget", "message": message }] });
            return Err(refusal);
        }
        if !dry_run {
            self.modify(&DISRUPTION_BUDGETS, namespace, name, |value| {
                let left = value["status"]["disruptionsAllowed"].as_i64().unwrap_or(0) - 1;
                value["status"]["disruptionsAllowed"] = left.max(0).into();
            })?;
        }
        Ok(())
    }
}

/// Whether a selector inside an object, such as that of a budget, selects another one by its labels.
pub fn selects(selector: &Value, object: &Object) -> bool {
    let labels = object.labels();
    let has = |key: &str| labels.get(key).map(AsRef::as_ref);
    let pairs = selector["matchLabels"].as_object();
    let rules = selector["matchExpressions"].as_array().map(Vec::as_slice).unwrap_or_default();
    selector.is_object()
        && pairs.is_none_or(|p| p.iter().all(|(key, value)| has(key) == value.as_str()))
        && rules.iter().all(|rule| {
            let value = has(rule["key"].as_str().unwrap_or_default());
            let listed = || rule["values"].as_array().is_some_and(|v| v.iter().any(|v| v.as_str() == value));
            match rule["operator"].as_str() {
                Some("In") => value.is_some() && listed(),
                Some("NotIn") => value.is_none() || !listed(),
                Some("DoesNotExist") => value.is_none(),
                _ => value.is_some(),
            }
        })
}
