//! What an action asks of the operator: the fields of its form, which are its flags without a screen. Checked here
//! once for all; what a value means for an object is the action's business.
use super::{
    Action,
    plan::{Inputs, Refusal},
};
use crate::{domain::ResourceRef, nearest::suggestion, state::State};

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A whole number within these bounds.
    Whole {
        from: i64,
        to: i64,
    },
    Text,
    /// One of the options that the target has; any text where they are not known.
    Choice,
    /// The same, but the action itself says what is wrong with another text: it knows better why.
    Offer,
    /// Yes or no.
    Switch,
}

/// One thing an action asks, whatever its target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Its name in a plan, and that of the flag: `replicas`.
    pub id: &'static str,
    pub label: &'static str,
    /// What stands for the value in help: `N`.
    pub value: &'static str,
    /// A few words, for the form and for help.
    pub help: &'static str,
    pub wanted: Wanted,
    /// There is no plan without it, and no value that goes without saying.
    pub needed: bool,
}

/// What a target has to say to a question.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Present {
    /// What the field holds at first, and what goes without saying on a command line.
    pub initial: String,
    /// What is true now, before the help.
    pub note: String,
    pub options: Vec<String>,
}

/// A field of a form: the question with what the target has to say to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    pub id: &'static str,
    pub label: &'static str,
    pub help: String,
    pub initial: String,
    pub wanted: Wanted,
    pub options: Vec<String>,
    pub needed: bool,
}

/// The words of a switch.
pub const YES: &str = "yes";
pub const NO: &str = "no";

/// The fields of an action's form for a target.
pub fn of(action: &dyn Action, state: &State, target: &ResourceRef) -> Vec<Input> {
    let input = |ask: &Ask| {
        let Present { initial, note, options } = action.present(state, target, ask);
        let bounds = bounds(ask.wanted);
        let help = if bounds.is_empty() { ask.help } else { &bounds };
        let help = if note.is_empty() { help.to_owned() } else { format!("{note}; {help}") };
        Input {
            id: ask.id,
            label: ask.label,
            help,
            initial: if ask.wanted == Wanted::Switch && initial.is_empty() { NO.to_owned() } else { initial },
            wanted: ask.wanted,
            options,
            needed: ask.needed,
        }
    };
    action.asks().iter().map(input).collect()
}

fn bounds(wanted: Wanted) -> String {
    match wanted {
        Wanted::Whole { from, to } => format!("a whole number from {from} to {to}"),
        Wanted::Switch => format!("{YES} or {NO}"),
        Wanted::Text | Wanted::Choice | Wanted::Offer => String::new(),
    }
}

fn no_number(from: i64, to: i64) -> String {
    format!("a whole number is needed, from {from} to {to}")
}

impl Input {
    /// Whether a value will do; if not, why, and which is the nearest that will.
    pub fn check(&self, text: &str) -> Result<(), Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return match self.wanted {
                _ if !self.needed => Ok(()),
                Wanted::Whole { from, to } => self.refuse(no_number(from, to)),
                _ => self.refuse(format!("{} is needed", self.label)),
            };
        }
        match self.wanted {
            Wanted::Whole { from, to } => match text.parse::<i64>() {
                Ok(n) if n < from => self.refuse(format!("from {from} to {to}: {from} is the nearest")),
                Ok(n) if n > to => self.refuse(format!("from {from} to {to}: {to} is the nearest")),
                Ok(_) => Ok(()),
                Err(_) => self.refuse(no_number(from, to)),
            },
            Wanted::Choice if !self.options.is_empty() && !self.options.iter().any(|o| o == text) => {
                let nearest = suggestion(text, self.options.iter().map(String::as_str));
                self.refuse(format!("{text} is none of them; {nearest}"))
            }
            Wanted::Switch if text != YES && text != NO => self.refuse(format!("{YES} or {NO}")),
            Wanted::Text | Wanted::Choice | Wanted::Offer | Wanted::Switch => Ok(()),
        }
    }

    fn refuse(&self, why: String) -> Result<(), Refusal> {
        Err(Refusal::of(self.id, why))
    }

    /// The option after this one (or before it), round and round; nothing where there is nothing to choose from.
    pub fn turn(&self, text: &str, forward: bool) -> Option<&str> {
        let options: Vec<&str> = match self.wanted {
            Wanted::Switch => vec![NO, YES],
            Wanted::Choice | Wanted::Offer => self.options.iter().map(String::as_str).collect(),
            Wanted::Whole { .. } | Wanted::Text => return None,
        };
        let last = options.len().checked_sub(1)?;
        let to = match options.iter().position(|o| *o == text.trim()) {
            None if forward => 0,
            None => last,
            Some(at) if forward => (at + 1) % options.len(),
            Some(at) => at.checked_sub(1).unwrap_or(last),
        };
        options.get(to).copied()
    }
}

/// Checks every value against its field.
pub fn check(inputs: &[Input], values: &Inputs) -> Result<(), Refusal> {
    inputs.iter().try_for_each(|input| input.check(values.get(input.id).map_or("", String::as_str)))
}

/// A value without the blanks around it; empty when it was not given.
pub fn text<'a>(values: &'a Inputs, id: &str) -> &'a str {
    values.get(id).map_or("", |s| s.trim())
}

/// A whole number, as `check` has found it to be.
pub fn whole(values: &Inputs, id: &str) -> Result<i64, Refusal> {
    text(values, id).parse().map_err(|_| Refusal::of(id, "a whole number is needed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(wanted: Wanted, options: &[&str]) -> Input {
        Input {
            id: "x",
            label: "X",
            help: String::new(),
            initial: String::new(),
            wanted,
            options: options.iter().map(|o| (*o).to_owned()).collect(),
            needed: true,
        }
    }

    #[test]
    fn a_wrong_value_is_answered_with_the_nearest_right_one() {
        let why = |input: &Input, text: &str| input.check(text).err().map(|r| r.why).unwrap_or_default();
        let number = input(Wanted::Whole { from: 1, to: 9 }, &[]);
        assert_eq!(why(&number, " 3 "), "");
        assert_eq!(why(&number, "12"), "from 1 to 9: 9 is the nearest");
        assert_eq!(why(&number, "-1"), "from 1 to 9: 1 is the nearest");
        assert_eq!(why(&number, "99999999999999999999"), "a whole number is needed, from 1 to 9");
        assert_eq!(why(&number, ""), "a whole number is needed, from 1 to 9");
        assert_eq!(why(&input(Wanted::Text, &[]), " "), "X is needed");
        let choice = input(Wanted::Choice, &["v1.33.5", "v1.34.1"]);
        assert_eq!(why(&choice, "v1.34.1"), "");
        assert!(why(&choice, "v1.34.2").contains("\"v1.34.1\""), "{}", why(&choice, "v1.34.2"));
        assert_eq!(why(&input(Wanted::Choice, &[]), "anything"), "", "what is not known forbids nothing");
        assert_eq!(why(&input(Wanted::Switch, &[]), "maybe"), "yes or no");
        let free = Input { needed: false, ..input(Wanted::Text, &[]) };
        assert_eq!(why(&free, ""), "");
    }

    #[test]
    fn options_are_turned_through() {
        let choice = input(Wanted::Choice, &["a", "b"]);
        assert_eq!((choice.turn("a", true), choice.turn("b", true)), (Some("b"), Some("a")));
        assert_eq!((choice.turn("a", false), choice.turn("?", true)), (Some("b"), Some("a")));
        assert_eq!(input(Wanted::Switch, &[]).turn("no", true), Some("yes"));
        assert_eq!(input(Wanted::Choice, &[]).turn("a", true), None);
        assert_eq!(input(Wanted::Text, &[]).turn("a", true), None);
    }
}
