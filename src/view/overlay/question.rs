//! Questions and bad news: a write session, the use of a kubeconfig Secret, a problem in full.
use super::wrap;
use crate::{
    domain::{ClusterKey, Problem, site::Protection},
    state::{State, overlay::SessionForm},
    theme::Role,
    view::{
        Paint,
        layout::{Area, centred},
    },
};

pub(super) fn session(state: &State, paint: &mut Paint<'_>, form: &SessionForm, screen: Area) {
    let area = centred(screen.width, screen.height, 72, 10);
    let inside = paint.window(area, &format!("Write session on {}", form.site));
    let protected = state.sites.get(&form.site).is_some_and(|s| s.spec.protection == Protection::High);
    let note = if protected {
        "a protected site: every action is confirmed by name"
    } else {
        "every action is dry-run, shown and confirmed first"
    };
    paint.text(inside.line(0), 1, note, if protected { Role::Protected } else { Role::TextDim });
    for (at, (label, editor)) in
        [("Reason ", &form.reason), ("Minutes", &form.minutes)].into_iter().enumerate()
    {
        let line = inside.line(2 + u16::try_from(at).unwrap_or(0));
        let focus = form.focus == at;
        let x = paint.text(line, 1, label, if focus { Role::KeyHint } else { Role::Overlay }) + 3;
        paint.input(line, x, editor, Role::Input, focus);
    }
    if let Some(error) = &form.error {
        paint.text(inside.line(5), 1, error, Role::InputError);
    }
    paint.text(inside.line(6), 1, "enter opens it, esc leaves everything read-only", Role::TextDim);
}

pub(super) fn consent(paint: &mut Paint<'_>, cluster: &ClusterKey, screen: Area) {
    let text = format!(
        "No context of your kubeconfig reaches the API of {}. Its Secret {}-kubeconfig would, \
         but that is cluster-admin there. Use the kubeconfig Secrets of site {} in this run, for reading? \
         Every read of a Secret is written to the journal.",
        cluster.key.name, cluster.key.name, cluster.site
    );
    let key = |id: &str| paint.look.keymap.keys_for(id, &["overlay"]).into_iter().next().unwrap_or_default();
    let keys = format!("{}: yes, for this site and run   {}: no", key("consent.allow"), key("overlay.close"));
    message(paint, "Use cluster-admin to look inside?", &text, &keys, screen);
}

pub(super) fn login(paint: &mut Paint<'_>, plugin: &str, text: &str, screen: Area) {
    let title = format!("{plugin} waits for you");
    message(paint, &title, text, "goes away by itself when the site answers   esc closes", screen);
}

pub(super) fn problem(paint: &mut Paint<'_>, problem: &Problem, screen: Area) {
    let text = [&*problem.summary, "", &problem.detail, "", &problem.hint].join("\n");
    message(paint, "Problem", &text, "enter or esc closes", screen);
}

fn message(paint: &mut Paint<'_>, title: &str, text: &str, keys: &str, screen: Area) {
    let width = 76.min(screen.width.saturating_sub(4)).max(20);
    let lines = wrap(text, usize::from(width - 4));
    let area = centred(screen.width, screen.height, width, u16::try_from(lines.len() + 4).unwrap_or(20));
    let inside = paint.window(area, title);
    let room = inside.height.saturating_sub(2);
    for (y, line) in (0..room).zip(&lines) {
        paint.text(inside.line(y), 1, line, Role::Overlay);
    }
    paint.text(inside.line(inside.height.saturating_sub(1)), 1, keys, Role::TextDim);
}
