//! What a package hangs on: from the `PackageInstall` to its `App` and the stage that failed there.
use crate::{
    domain::{
        Facts, KindId, Object, Source,
        package::{App, Reconcile, reconcile},
    },
    state::{Row, State},
};

/// The App that carries out a `PackageInstall`: the one of its name beside it, where Apps are followed.
pub fn app_of<'a>(state: &'a State, source: &Source, install: &Object) -> Option<&'a Object> {
    install.package()?;
    let apps = Source { kind: KindId::new("app"), ..source.clone() };
    Some(state.fleet.collection(&apps)?.find(&install.meta.key())?.1)
}

/// Why a package, an App or a repository is as it is, in one line; `None` where there is nothing to say.
pub fn why(state: &State, row: Row<'_>) -> Option<String> {
    let Row::Object { source, object } = row else { return None };
    if let Facts::Malformed(why) = &object.facts {
        return Some(why.clone());
    }
    let standing = reconcile(object)?;
    let app = app_of(state, source, object);
    let said = match standing {
        Reconcile::Failed | Reconcile::DeleteFailed => failure(object, app),
        // A deletion that was held back says nothing by itself.
        Reconcile::Deleting if object.is_paused() => "paused: nothing is deleted until it is resumed".into(),
        Reconcile::Deleting => format!("held by {}", words(object)),
        Reconcile::Reconciling => app.and_then(Object::app).and_then(progress).unwrap_or_default(),
        Reconcile::Paused | Reconcile::Cancelled => {
            let before = failure(object, app);
            if before.is_empty() { before } else { format!("before: {before}") }
        }
        _ => String::new(),
    };
    (!said.is_empty()).then_some(said)
}

/// The error nearest to its source: that of the stage that failed, else the App's, else the object's own.
fn failure(object: &Object, app: Option<&Object>) -> String {
    let own = match &object.facts {
        Facts::Package(p) => &p.error,
        Facts::App(a) => &a.error,
        Facts::Repository(r) => &r.error,
        _ => return String::new(),
    };
    let app = app.filter(|app| reconcile(app).is_some_and(Reconcile::is_failure)).and_then(Object::app);
    let Some(app) = app else { return own.to_string() };
    match app.failed() {
        Some((_, stage)) if app.error.is_empty() && !stage.error.is_empty() => stage.error.to_string(),
        _ if app.error.is_empty() => own.to_string(),
        _ => app.error.to_string(),
    }
}

/// What a running deploy waits for: its last line.
fn progress(app: &App) -> Option<String> {
    let line = app.deploy.as_ref()?.tail.lines().last()?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

fn words(object: &Object) -> String {
    let held: Vec<&str> = object.meta.finalizers.iter().map(crate::domain::Text::as_str).collect();
    if held.is_empty() { "nothing".to_owned() } else { held.join(", ") }
}
