//! A plan and the server's answer to it, in words.
use serde_json::Value;

use super::super::{exit::Failure, out::Out};
use crate::{
    actions::plan::{DryRunReport, FieldChange, Plan},
    text::{Newlines, clean},
};

/// Prints what would happen, what the server would store, and the same by hand.
pub(super) fn plan(plan: &Plan, dry: &DryRunReport, out: &mut Out) -> Result<(), Failure> {
    for line in lines(plan, dry) {
        out.line(clean(&line, Newlines::Sign))?;
    }
    Ok(())
}

fn lines(plan: &Plan, dry: &DryRunReport) -> Vec<String> {
    let mut lines = vec![format!("Plan: {}", plan.summary), format!("  on site {}", plan.target.source.site)];
    for step in &plan.steps {
        let at = step.address();
        let api =
            if at.group.is_empty() { at.version.clone() } else { format!("{}/{}", at.group, at.version) };
        lines.push(format!("  {} {} {} ({api})", step.verb(), at.kind, at.target.key));
    }
    lines.extend(
        plan.consequences.iter().map(|c| format!("  {} {}", if c.warning { "!" } else { "-" }, c.text)),
    );
    lines.push(plan.promise().replacen('t', "T", 1));
    lines.extend(dry.changes.iter().map(change));
    if dry.changes.is_empty() {
        lines.push("  no change at all".into());
    }
    lines.extend(dry.warnings.iter().map(|w| format!("  ! the server warns: {w}")));
    lines.push(format!("By hand: {}", plan.equivalent));
    lines
}

fn change(change: &FieldChange) -> String {
    let show = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let sign = match (&change.before, &change.after) {
        (None, Some(_)) => '+',
        (Some(_), None) => '-',
        _ => '~',
    };
    let before = change.before.as_ref().map(show);
    let after = change.after.as_ref().map(show);
    let values = match (before, after) {
        (Some(before), Some(after)) => format!("{before} -> {after}"),
        (before, after) => before.or(after).unwrap_or_default(),
    };
    let by = if change.asked { "" } else { "  (by the server)" };
    format!("  {sign} {}: {values}{by}", change.path)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_shown_with_both_values_and_whose_idea_it_was() {
        let of = |before: Value, after: Value, asked| {
            let some = |v: Value| (!v.is_null()).then_some(v);
            change(&FieldChange { path: "spec.x".into(), before: some(before), after: some(after), asked })
        };
        assert_eq!(of(json!(2), json!(3), true), "  ~ spec.x: 2 -> 3");
        assert_eq!(of(Value::Null, json!("a"), false), "  + spec.x: a  (by the server)");
        assert_eq!(of(json!([1]), Value::Null, true), "  - spec.x: [1]");
    }
}
