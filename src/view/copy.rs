//! What can be copied of the selection: name, reference, the kubectl command, the row as JSON or Markdown.
use crate::{
    domain::{Home, Object, ResourceRef},
    panes::{self, Pane},
    state::{Row, RowId, State},
    text::shell,
    update,
};

/// Titles and texts, in the order of the menu.
pub fn choices(state: &State) -> Option<Vec<(String, String)>> {
    let mut choices = Vec::new();
    let found = update::selected(state).and_then(|target| Some((state.fleet.find(&target)?, target)));
    if let Some((object, target)) = &found {
        choices.push(("Name".to_owned(), target.key.name.to_string()));
        choices.push(("Reference".to_owned(), target.to_string()));
        choices.push(("Command (kubectl)".to_owned(), kubectl(state, target, object)));
    }
    let row = match &found {
        Some((_, target)) => state.fleet.id_of(target).map(RowId::Object),
        None => state.screen.table().and_then(|t| t.cursor),
    };
    if let Some(row) = row.and_then(|id| state.row(id))
        && let Some(pane) = pane_of(state, row)
    {
        choices.push(("JSON of the row".to_owned(), row_json(state, pane, row)));
        choices.push(("Markdown of the row".to_owned(), row_markdown(state, pane, row)));
    }
    (!choices.is_empty()).then_some(choices)
}

/// The pane that shows the row: the one on the screen, else the one for objects of its kind.
fn pane_of(state: &State, row: Row<'_>) -> Option<&'static Pane> {
    let shown = state.screen.pane().and_then(panes::find);
    let of_kind = || {
        let Row::Object { source, .. } = row else { return None };
        panes::PANES.iter().copied().find(|p| p.kinds().contains(&source.kind.as_str()))
    };
    shown.or_else(of_kind)
}

/// The command that shows the same object.
pub fn kubectl(state: &State, target: &ResourceRef, object: &Object) -> String {
    let context = state.sites.get(&target.source.site).map_or("", |s| &s.spec.context);
    let reach = match &target.source.home {
        Home::Management if context.is_empty() => String::new(),
        Home::Management => format!(" --context {}", shell(context)),
        Home::Workload(cluster) => {
            format!(" --kubeconfig {}", shell(&format!("{}.kubeconfig", cluster.name)))
        }
    };
    let namespace = if target.key.namespace.is_empty() {
        String::new()
    } else {
        format!(" -n {}", shell(&target.key.namespace))
    };
    let resource = resource(target.source.kind.as_str(), object);
    format!("kubectl{reach}{namespace} get {} {} -o yaml", shell(&resource), shell(&target.key.name))
}

/// Plural and group: what kubectl takes for one kind only.
fn resource(kind: &str, object: &Object) -> String {
    let known = crate::kinds::find(kind).map(|k| (k.plural, k.group));
    match known.or_else(|| crate::kinds::any::parts(kind)) {
        Some((plural, "")) => plural.to_owned(),
        Some((plural, group)) => format!("{plural}.{group}"),
        None => object.meta.kind.to_lowercase(),
    }
}

fn row_json(state: &State, pane: &Pane, row: Row<'_>) -> String {
    let cells: serde_json::Map<String, serde_json::Value> = pane
        .columns
        .iter()
        .map(|c| (c.id.to_owned(), (c.cell)(state, row).text.into_owned().into()))
        .collect();
    serde_json::Value::Object(cells).to_string()
}

fn row_markdown(state: &State, pane: &Pane, row: Row<'_>) -> String {
    let columns: Vec<_> = pane.columns.iter().filter(|c| !c.wide).collect();
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(columns.iter().map(|c| c.title.to_owned()).collect());
    out += &line(columns.iter().map(|_| "---".to_owned()).collect());
    out += &line(columns.iter().map(|c| markdown(&(c.cell)(state, row).text)).collect());
    out
}

/// A cell of a Markdown table: no bar and no line break ends it early.
fn markdown(text: &str) -> String {
    text.replace('\\', r"\\").replace('|', r"\|").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_stays_one_cell() {
        assert_eq!(markdown("a|b\nc\\"), r"a\|b c\\");
    }
}
