//! Variables of a topology: each must be defined by the class, and fit the schema that stands there.
use serde_json::Value;

use super::{Cause, invalid, required};

/// Checks the variables of a topology against the definitions of a class.
pub(super) fn check(topology: &Value, class: &Value) -> Vec<Cause> {
    let list = |of: &Value| of["variables"].as_array().cloned().unwrap_or_default();
    let (definitions, values) = (list(&class["spec"]), list(topology));
    let mut wrong = Vec::new();
    for definition in definitions.iter().filter(|d| d["required"] == true) {
        if !values.iter().any(|v| v["name"] == definition["name"]) {
            let why = format!("required variable {} must be set", definition["name"]);
            wrong.push(required("spec.topology.variables", why));
        }
    }
    for variable in &values {
        let name = variable["name"].as_str().unwrap_or_default();
        let field = format!("spec.topology.variables[{name}]");
        let value = &variable["value"];
        // As the API writes it: JSON, as a text.
        let shown = Value::from(value.to_string());
        match definitions.iter().find(|d| d["name"] == name) {
            None => wrong.push(invalid(field, &shown, "variable is not defined")),
            Some(definition) => {
                let schema = &definition["schema"]["openAPIV3Schema"];
                fits(value, schema, &format!("{field}.value"), (name, &shown), &mut wrong);
            }
        }
    }
    wrong
}

fn fits(value: &Value, schema: &Value, field: &str, of: (&str, &Value), wrong: &mut Vec<Cause>) {
    let wanted = schema["type"].as_str().unwrap_or_default();
    if let Some(is) = other_type(value, wanted) {
        let why = format!("{field} in body must be of type {wanted}: \"{is}\"");
        wrong.push(Cause {
            reason: "FieldValueTypeInvalid",
            field: field.to_owned(),
            message: format!("Invalid value: {}: {why}", of.1),
        });
        return;
    }
    if let Some(allowed) = schema["enum"].as_array().filter(|a| !a.contains(value)) {
        let allowed: Vec<String> = allowed.iter().map(Value::to_string).collect();
        wrong.push(Cause {
            reason: "FieldValueNotSupported",
            field: field.to_owned(),
            message: format!("Unsupported value: {}: supported values: {}", of.1, allowed.join(", ")),
        });
    }
    bounds(value, schema, field, of.1, wrong);
    let Some(properties) = schema["properties"].as_object() else { return };
    for (name, part) in value.as_object().into_iter().flatten() {
        match properties.get(name) {
            Some(schema) => fits(part, schema, &format!("{field}.{name}"), of, wrong),
            None if schema["x-kubernetes-preserve-unknown-fields"] == true => {}
            None => {
                let why = format!(
                    "failed validation: \"{name}\" field(s) are not specified in the variable schema of variable \"{}\"",
                    of.0
                );
                let whole = field.split(".value").next().unwrap_or(field);
                wrong.push(invalid(whole, of.1, why));
            }
        }
    }
}

/// What a value is, where that is not what is wanted.
fn other_type(value: &Value, wanted: &str) -> Option<&'static str> {
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = wanted.is_empty() || is == wanted || (wanted == "number" && is == "integer");
    (!fits).then_some(is)
}

fn bounds(value: &Value, schema: &Value, field: &str, shown: &Value, wrong: &mut Vec<Cause>) {
    let Some(number) = value.as_f64() else { return };
    if let Some(least) = schema["minimum"].as_f64().filter(|l| number < *l) {
        let why = format!("{field} in body should be greater than or equal to {least}");
        wrong.push(invalid(field, shown, why));
    }
    if let Some(most) = schema["maximum"].as_f64().filter(|m| number > *m) {
        let why = format!("{field} in body should be less than or equal to {most}");
        wrong.push(invalid(field, shown, why));
    }
}
