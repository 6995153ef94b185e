//! What can be copied of the selection: name, reference, the kubectl command, the row as JSON or Markdown.
use crate::{
    domain::{Home, Object, ResourceRef},
    panes::{self, Pane},
    state::{Row, RowId, State},
    update,
};

/// Titles and texts, in the order of the menu.
pub fn choices(state: &State) -> Option<Vec<(String, String)>> {
    let target = update::selected(state)?;
    let object = state.fleet.find(&target)?;
    let mut choices = vec![
        ("Name".to_owned(), target.key.name.to_string()),
        ("Reference".to_owned(), target.to_string()),
        ("Command (kubectl)".to_owned(), kubectl(state, &target, object)),
    ];
    if let Some(pane) = state.screen.pane().and_then(panes::find)
        && let Some(id) = state.fleet.id_of(&target)
        && let Some(row) = state.row(RowId::Object(id))
    {
        choices.push(("JSON of the row".to_owned(), row_json(state, pane, row)));
        choices.push(("Markdown of the row".to_owned(), row_markdown(state, pane, row)));
    }
    Some(choices)
}

/// The command that shows the same object.
pub fn kubectl(state: &State, target: &ResourceRef, object: &Object) -> String {
    let context = state.sites.get(&target.source.site).map_or("", |s| &s.spec.context);
    let kind = crate::kinds::find(target.source.kind.as_str());
    let resource = kind.map_or_else(
        || object.meta.kind.to_lowercase(),
        |k| if k.group.is_empty() { k.plural.to_owned() } else { format!("{}.{}", k.plural, k.group) },
    );
    let namespace = if target.key.namespace.is_empty() {
        String::new()
    } else {
        format!(" -n {}", shell(&target.key.namespace))
    };
    let reach = match &target.source.home {
        Home::Management => format!("--context {}", shell(context)),
        Home::Workload(cluster) => format!("--kubeconfig {}.kubeconfig", shell(&cluster.name)),
    };
    format!("kubectl {reach}{namespace} get {resource} {} -o yaml", shell(&target.key.name))
}

/// Quotes a word for a shell where it needs that.
pub fn shell(word: &str) -> String {
    let plain =
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:@+=%".contains(c));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
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
    out += &line(columns.iter().map(|c| (c.cell)(state, row).text.replace('|', "\\|")).collect());
    out
}
