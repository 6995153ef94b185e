//! What a line of the tree says, in words: left the kind and name, then how it is. No colours here.
use std::borrow::Cow;

use super::{Fold, TreeLine, What};
use crate::domain::{Condition, Facts, Health, Object, Status, pool::Replicas};

/// How a word is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Dim,
    State(Health),
}

/// A word and how it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'a> {
    pub text: Cow<'a, str>,
    pub tone: Tone,
}

impl<'a> Word<'a> {
    pub fn new(text: impl Into<Cow<'a, str>>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }
}

impl<'a> TreeLine<'a> {
    /// Kind (with its slash) and name; a kind alone where there is no name.
    pub fn title(&self) -> (Cow<'a, str>, Cow<'a, str>) {
        match &self.what {
            What::Object(object) => {
                (format!("{}/", object.meta.kind).into(), object.meta.name.as_str().into())
            }
            What::Missing { kind, name, .. } => (format!("{kind}/").into(), (*name).into()),
            What::Group { count, .. } => ("".into(), format!("{count} machines").into()),
            What::Section(title) => ("".into(), (*title).into()),
            What::Condition(_, shown) if shown.alike > 0 => {
                ("".into(), format!("{} +{}", shown.condition.kind, shown.alike).into())
            }
            What::Condition(_, shown) => ("".into(), shown.condition.kind.as_str().into()),
            What::Remark { kind, .. } => ("".into(), (*kind).into()),
        }
    }

    /// How it is. A condition of an object is told here only while no line below tells it.
    pub fn words(&self) -> Vec<Word<'a>> {
        let state = Tone::State(self.health);
        match &self.what {
            What::Object(object) => {
                if self.fold == Fold::Open {
                    facts(object, self.health)
                } else {
                    object_words(object)
                }
            }
            What::Group { phase, version, .. } => {
                vec![Word::new(*phase, state), Word::new(*version, Tone::Plain)]
            }
            What::Section(_) => Vec::new(),
            What::Condition(_, shown) => condition(shown.condition, shown.health),
            What::Remark { text, .. } => vec![Word::new(first_line(text).into_owned(), state)],
            What::Missing { why, .. } => {
                let tone = if self.health == Health::Unknown { Tone::Dim } else { state };
                vec![Word::new(why.clone(), tone)]
            }
        }
    }
}

/// An object in a few words, its worst condition last.
pub fn object_words(object: &Object) -> Vec<Word<'_>> {
    let mut words = facts(object, object.health());
    words.extend(
        object
            .worst_condition()
            .filter(|c| c.kind != "Paused")
            .map(|c| Word::new(format!("{} {}", c.kind, reason(c)), Tone::State(object.judge(c)))),
    );
    words
}

/// Status, reason and the first line of the message.
pub fn condition(c: &Condition, health: Health) -> Vec<Word<'_>> {
    let mut words = vec![Word::new(status(c.status), Tone::State(health))];
    if !c.short_reason().is_empty() {
        words.push(Word::new(c.short_reason(), Tone::State(health)));
    }
    let message = first_line(&c.message);
    if !message.is_empty() {
        words.push(Word::new(message, Tone::Dim));
    }
    words
}

/// `True`, `False`, `Unknown`, as the API writes it.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::True => "True",
        Status::False => "False",
        Status::Unknown => "Unknown",
    }
}

/// The first line that says something, without the bullet of a list; a heading takes its first line along.
pub fn first_line(text: &str) -> Cow<'_, str> {
    let mut lines = text.lines().map(|l| l.trim().trim_start_matches("* ")).filter(|l| !l.is_empty());
    let first = lines.next().unwrap_or_default();
    match lines.next().filter(|_| first.ends_with(':')) {
        Some(second) => format!("{first} {second}").into(),
        None => first.into(),
    }
}

fn reason(c: &Condition) -> &str {
    if c.short_reason().is_empty() { status(c.status) } else { c.short_reason() }
}

/// What is particular to the kind, in a few words.
pub fn facts(object: &Object, health: Health) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut say = |text: Cow<'_, str>, tone| {
        if !text.is_empty() {
            words.push(Word::new(text.into_owned(), tone));
        }
    };
    if object.meta.deleted.is_some() {
        say("Deleting".into(), Tone::State(Health::Progressing.max(health)));
    }
    of_kind(object, Tone::State(health), &mut say);
    if object.is_paused() {
        say("paused".into(), Tone::State(Health::Paused));
    }
    words
}

/// What only such a kind has to say.
fn of_kind<'a>(object: &'a Object, state: Tone, say: &mut impl FnMut(Cow<'a, str>, Tone)) {
    match &object.facts {
        Facts::Cluster(c) => {
            if object.meta.deleted.is_none() {
                say(c.phase.as_str().into(), state);
            }
            say(c.version.as_str().into(), Tone::Plain);
        }
        Facts::ControlPlane(c) => {
            say(ready(c.replicas), count_tone(c.replicas));
            say(c.version.as_str().into(), Tone::Plain);
            if !c.running_version.is_empty() && c.running_version != c.version {
                say(format!("(runs {})", c.running_version).into(), Tone::State(Health::Progressing));
            }
        }
        Facts::Pool(p) => {
            say(ready(p.replicas), count_tone(p.replicas));
            say(p.version.as_str().into(), Tone::Plain);
            let moving = object.rollout().filter(|r| r.is_moving() && object.meta.deleted.is_none());
            if let Some(rollout) = moving {
                say(rollout.word().into(), Tone::State(Health::Progressing));
            }
        }
        Facts::MachineSet(s) => {
            say(ready(s.replicas), count_tone(s.replicas));
            say(s.version.as_str().into(), Tone::Plain);
        }
        Facts::Machine(m) => {
            if object.meta.deleted.is_none() {
                say(m.phase.as_str().into(), state);
            }
            say(m.version.as_str().into(), Tone::Plain);
        }
        Facts::Node(n) => {
            if n.cordoned {
                say("cordoned".into(), Tone::State(Health::Paused));
            }
            say(n.kubelet.as_str().into(), Tone::Plain);
        }
        Facts::Package(p) => {
            say(p.version.as_str().into(), Tone::Plain);
        }
        Facts::HealthCheck(h) => say(
            format!("{} of {} healthy", h.healthy, h.expected).into(),
            Tone::State(if h.healthy < h.expected { Health::Warning } else { Health::Ok }),
        ),
        Facts::Malformed(_) => say("cannot be read".into(), Tone::State(Health::Unknown)),
        Facts::Plain if object.conditions.is_empty() => say("writes no conditions".into(), Tone::Dim),
        _ => {}
    }
}

fn ready<'a>(r: Replicas) -> Cow<'a, str> {
    let desired = r.desired.map_or_else(|| "?".to_owned(), |n| n.to_string());
    let ready = r.counted.map_or_else(|| "?".to_owned(), |c| c.ready.to_string());
    format!("{ready}/{desired} ready").into()
}

fn count_tone(r: Replicas) -> Tone {
    match (r.desired, r.counted.map(|c| c.ready)) {
        (_, None) => Tone::State(Health::Unknown),
        (Some(desired), Some(ready)) if ready < desired => {
            Tone::State(if ready == 0 { Health::Bad } else { Health::Warning })
        }
        _ => Tone::Plain,
    }
}
