//! An action before it is done: its form, then the whole truth about it: steps, what the server
//! would store, who is affected, and what saying yes takes.
use super::wrap;
use crate::{
    actions::{
        self,
        input::Input,
        plan::{DryRunReport, Plan},
        spec::Confirmation,
    },
    domain::{Health, Problem},
    state::{
        State,
        overlay::{ActionFlow, Stage},
    },
    theme::Role,
    view::{
        Paint,
        card::Line,
        layout::{Area, centred},
    },
};

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, flow: &ActionFlow, screen: Area) {
    let title = actions::find(&flow.action).map_or("Action", |a| a.title());
    match &flow.stage {
        Stage::Form => form(paint, title, flow, screen),
        Stage::Preview { plan, answer, confirm, typed, top, .. } => {
            let lines = preview(state, plan, answer.as_ref(), text_width(screen));
            let area = preview_area(screen, lines.len());
            let inside = paint.window(area, &heading(title, flow));
            let room = usize::from(inside.height.saturating_sub(2));
            let top = (*top).min(lines.len().saturating_sub(room));
            paint.more_below(inside, lines.len().saturating_sub(top + room));
            for (y, line) in (0..inside.height.saturating_sub(2)).zip(lines.iter().skip(top)) {
                line.draw(paint, Area::new(inside.x + 1, inside.y + y, inside.width.saturating_sub(1), 1));
            }
            question(paint, inside.line(inside.height.saturating_sub(1)), answer.as_ref(), confirm, typed);
        }
    }
}

/// What is done to what, and where: two sites may have the same names.
fn heading(title: &str, flow: &ActionFlow) -> String {
    let more = match flow.rest.len() {
        0 => String::new(),
        n => format!(", then {n} more"),
    };
    format!("{title}: {} on {}{more}", flow.target.key, flow.target.source.site)
}

fn text_width(screen: Area) -> usize {
    usize::from(screen.width.min(110).saturating_sub(6))
}

fn preview_area(screen: Area, lines: usize) -> Area {
    centred(screen.width, screen.height, 110, u16::try_from(lines + 5).unwrap_or(u16::MAX))
}

/// How far a preview can be scrolled.
pub(super) fn last_top(state: &State, flow: &ActionFlow, screen: Area) -> usize {
    let Stage::Preview { plan, answer, .. } = &flow.stage else { return 0 };
    let lines = preview(state, plan, answer.as_ref(), text_width(screen)).len();
    lines.saturating_sub(usize::from(preview_area(screen, lines).inner().height.saturating_sub(2)))
}

fn form(paint: &mut Paint<'_>, title: &str, flow: &ActionFlow, screen: Area) {
    let fields: usize = flow.fields.iter().map(|f| 2 + usize::from(!f.input.options.is_empty())).sum();
    let height = u16::try_from(fields).unwrap_or(20) + 6;
    let area = centred(screen.width, screen.height, 76, height);
    let inside = paint.window(area, &heading(title, flow));
    let mut y = 1;
    for (at, field) in flow.fields.iter().enumerate() {
        let focus = at == flow.focus;
        let wrong = flow.refusal.as_ref().is_some_and(|r| r.input.as_deref() == Some(field.input.id));
        let line = inside.line(y);
        let x = paint.text(line, 1, field.input.label, if focus { Role::KeyHint } else { Role::Overlay }) + 3;
        paint.input(line, x, &field.editor, if wrong { Role::InputError } else { Role::Input }, focus);
        paint.text(inside.line(y + 1), 3, &field.input.help, Role::TextDim);
        y += 2;
        if !field.input.options.is_empty() {
            let room = usize::from(inside.width.saturating_sub(4));
            paint.text(inside.line(y), 3, &options(&field.input, room), Role::TextDim);
            y += 1;
        }
    }
    if let Some(refusal) = &flow.refusal {
        paint.text(inside.line(y), 1, &refusal.why, Role::InputError);
    }
    paint.text(
        inside.line(inside.height.saturating_sub(1)),
        1,
        "enter: ask the server what would happen; writes nothing   esc: cancel",
        Role::TextDim,
    );
}

/// What there is to choose from, as far as there is room.
fn options(input: &Input, room: usize) -> String {
    let keys = "left, right: ";
    let mut text = format!("{keys}{}", input.options.join("  "));
    let mut shown = input.options.len();
    while shown > 1 && crate::text::width(&text) > room {
        shown -= 1;
        let more = input.options.len() - shown;
        text = format!("{keys}{}  and {more} more", input.options[..shown].join("  "));
    }
    text
}

/// The preview, line by line.
fn preview(
    state: &State,
    plan: &Plan,
    answer: Option<&Result<Box<DryRunReport>, Problem>>,
    width: usize,
) -> Vec<Line> {
    let mut lines = vec![Line::of(plan.summary.clone(), Role::Title), Line::default()];
    for consequence in &plan.consequences {
        let health = if consequence.warning { Health::Warning } else { Health::Ok };
        for (n, text) in wrap(&consequence.text, width.saturating_sub(2)).into_iter().enumerate() {
            let role = if consequence.warning { Role::HealthWarning } else { Role::Overlay };
            lines.push(Line {
                health: (n == 0).then_some(health),
                ..Line::of(if n == 0 { text } else { format!("  {text}") }, role)
            });
        }
    }
    lines.push(Line::default());
    match answer {
        None => lines.push(Line {
            health: Some(Health::Progressing),
            ..Line::of("asking the server what it would store (dry run)", Role::HealthProgressing)
        }),
        Some(Err(problem)) => {
            lines
                .push(Line { health: Some(Health::Bad), ..Line::of("the server refuses:", Role::HealthBad) });
            lines.extend(
                wrap(&problem.summary, width)
                    .into_iter()
                    .chain(wrap(&problem.detail, width))
                    .filter(|l| !l.is_empty())
                    .map(|l| Line::of(l, Role::Overlay)),
            );
            lines.extend(
                wrap(&problem.hint, width)
                    .into_iter()
                    .filter(|l| !l.is_empty())
                    .map(|l| Line::of(l, Role::TextDim)),
            );
        }
        Some(Ok(report)) => diff(&mut lines, plan, report, width),
    }
    lines.push(Line::default());
    let by_hand = format!("the same by hand: {}", plan.equivalent);
    lines.extend(wrap(&by_hand, width).into_iter().map(|l| Line::of(l, Role::TextDim)));
    let site = &plan.target.source.site;
    if let Some(session) = state.sites.get(site).and_then(|s| s.session.as_ref()) {
        lines.push(Line::of(format!("on {site}, reason: {}", session.reason), Role::TextDim));
    }
    lines
}

/// What the server would store differently, field by field.
fn diff(lines: &mut Vec<Line>, plan: &Plan, report: &DryRunReport, width: usize) {
    lines.push(Line::of(plan.promise(), Role::Overlay));
    if report.changes.is_empty() {
        lines.push(Line::of("  nothing new", Role::TextDim));
    }
    let word = |v: &Option<serde_json::Value>| v.as_ref().map_or("(unset)".to_owned(), ToString::to_string);
    for change in &report.changes {
        let by = if change.asked { "" } else { "   (added by the server)" };
        lines.push(Line::of(format!("  {}{by}", change.path), Role::DiffContext));
        for (sign, value, role) in
            [("-", &change.before, Role::DiffRemove), ("+", &change.after, Role::DiffAdd)]
        {
            let words = wrap(&format!("{sign} {}", word(value)), width.saturating_sub(2));
            lines.extend(words.into_iter().map(|l| Line::of(format!("  {l}"), role)));
        }
    }
    for warning in &report.warnings {
        lines.push(Line {
            health: Some(Health::Warning),
            ..Line::of(format!("the server warns: {warning}"), Role::HealthWarning)
        });
    }
}

fn question(
    paint: &mut Paint<'_>,
    line: Area,
    answer: Option<&Result<Box<DryRunReport>, Problem>>,
    confirm: &Confirmation,
    typed: &crate::editor::Editor,
) {
    match (answer, confirm) {
        (None, _) => {
            paint.text(line, 1, "esc: back", Role::TextDim);
        }
        (Some(Err(_)), _) => {
            paint.text(line, 1, "esc: back; nothing was written", Role::TextDim);
        }
        (Some(Ok(_)), Confirmation::Accept) => {
            let key = paint.look.keymap.keys_for("plan.confirm", &["overlay"]).into_iter().next();
            paint.spans(
                line,
                1,
                &[
                    (key.as_deref().unwrap_or("no key"), Role::KeyHint),
                    (" does it   ", Role::Overlay),
                    ("esc", Role::KeyHint),
                    (" back", Role::Overlay),
                ],
            );
        }
        (Some(Ok(_)), Confirmation::Type(name)) => {
            let at = 1 + paint.spans(
                line,
                1,
                &[("type ", Role::Overlay), (name, Role::KeyHint), (" to do it: ", Role::Overlay)],
            );
            paint.input(line, at, typed, Role::Input, true);
        }
    }
}
