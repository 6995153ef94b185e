//! Values of columns and how they compare with what was typed: by value where both are one, else as text.
use std::borrow::Cow;
use std::cmp::Ordering;

use crate::domain::{quantity, version};

/// The value of a column as the filter compares it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    Text(Cow<'a, str>),
    /// A count, a percentage, or a quantity in its base unit: cores, bytes.
    Number(f64),
    /// Seconds.
    Age(i64),
    /// As in `v1.27.5+vmware.1`.
    Version(Cow<'a, str>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What was typed after the sign, read once in every way it can be meant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Operand {
    text: String,
    /// It has a capital, so case counts.
    exact: bool,
    number: Option<f64>,
    age: Option<Age>,
}

/// A span of time and its smallest unit, both in seconds: `2d` means any time on the third day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Age {
    seconds: i64,
    unit: i64,
}

impl Operand {
    pub(super) fn new(text: &str) -> Self {
        Self {
            exact: text.chars().any(char::is_uppercase),
            number: number(text),
            age: age(text),
            text: text.to_owned(),
        }
    }

    /// Whether the column's value compares so. A row without a value equals only the empty text, and is
    /// neither less nor greater than anything.
    pub(super) fn holds(&self, value: Option<&Value<'_>>, comparison: Comparison) -> bool {
        match comparison {
            Comparison::Equal => self.equals(value),
            Comparison::NotEqual => !self.equals(value),
            _ => value.and_then(|value| self.order(value)).is_some_and(|order| match comparison {
                Comparison::Less => order.is_lt(),
                Comparison::LessOrEqual => order.is_le(),
                Comparison::Greater => order.is_gt(),
                _ => order.is_ge(),
            }),
        }
    }

    fn equals(&self, value: Option<&Value<'_>>) -> bool {
        match value {
            None => self.text.is_empty(),
            Some(Value::Age(seconds)) => self.age.is_some_and(|age| {
                let end = age.seconds.saturating_add(age.unit);
                (age.seconds..end).contains(seconds)
            }),
            Some(value) => self.order(value) == Some(Ordering::Equal),
        }
    }

    /// How the row's value stands to what was typed; `None` when they cannot be compared.
    fn order(&self, value: &Value<'_>) -> Option<Ordering> {
        match value {
            Value::Number(number) => compare(*number, self.number?),
            Value::Age(seconds) => Some(seconds.cmp(&self.age?.seconds)),
            Value::Version(text) => Some(order_versions(text, &self.text)),
            Value::Text(text) => match (self.number, number(text)) {
                (Some(typed), Some(shown)) => compare(shown, typed),
                _ if self.exact => Some(text.as_ref().cmp(self.text.as_str())),
                _ => Some(text.to_lowercase().as_str().cmp(self.text.as_str())),
            },
        }
    }
}

fn compare(a: f64, b: f64) -> Option<Ordering> {
    // Sums of quantities come out a hair beside the decimal that an operator types.
    let near = (a - b).abs() <= 1e-9 * a.abs().max(1.0);
    if near { Some(Ordering::Equal) } else { a.partial_cmp(&b) }
}

/// By as many parts as were typed: `1.27` is any patch of it.
fn order_versions(shown: &str, typed: &str) -> Ordering {
    let (Some(a), Some(b)) = (version::Version::parse(shown), version::Version::parse(typed)) else {
        return version::compare(shown, typed);
    };
    let minor = (a.major, a.minor).cmp(&(b.major, b.minor));
    let patch = minor.then(a.patch.cmp(&b.patch));
    match (typed.split(['+', '-']).next().unwrap_or_default().matches('.').count(), b.rest) {
        (1, "") => minor,
        (_, "") => patch,
        _ => version::compare(shown, typed),
    }
}

/// A plain number, a percentage or a quantity.
fn number(text: &str) -> Option<f64> {
    /// Longer ones are no quantity anybody means, and would leave the range of the arithmetic.
    const LONGEST: usize = 24;
    let text = text.strip_suffix('%').unwrap_or(text);
    if text.len() > LONGEST || !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))
    {
        return None;
    }
    let plain = text.parse::<f64>().ok().filter(|number| number.is_finite());
    #[expect(clippy::cast_precision_loss, reason = "fifteen digits are enough to tell rows apart")]
    plain.or_else(|| quantity::milli(text).map(|milli| milli as f64 / 1000.0))
}

/// `90s`, `5m`, `3h`, `2d`, `1w`, `1y`, and several of them: `1d12h`. A bare number is seconds.
fn age(text: &str) -> Option<Age> {
    const UNITS: [(char, i64); 6] =
        [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400), ('w', 604_800), ('y', 31_536_000)];
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Age { seconds: i64::from(seconds), unit: 1 });
    }
    let (mut rest, mut total, mut smallest) = (text, 0_i64, None);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total = total.checked_add(count.checked_mul(*seconds)?)?;
        smallest = Some(*seconds);
        rest = &rest[digits + unit.len_utf8()..];
    }
    Some(Age { seconds: total, unit: smallest? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(value: &Value<'_>, comparison: Comparison, typed: &str) -> bool {
        Operand::new(typed).holds(Some(value), comparison)
    }

    #[test]
    fn what_is_typed_is_read_by_value() {
        for (text, value) in [
            ("3", Some(3.0)),
            ("500m", Some(0.5)),
            ("1.5Ki", Some(1536.0)),
            ("80%", Some(80.0)),
            ("inf", None),
            ("v1", None),
        ] {
            assert_eq!(number(text), value, "{text}");
        }
        for (text, seconds) in [
            ("90", Some(90)),
            ("2d", Some(172_800)),
            ("1d12h", Some(129_600)),
            ("d", None),
            ("5", Some(5)),
            ("3x", None),
            ("9999999999999999w", None),
        ] {
            assert_eq!(age(text).map(|age| age.seconds), seconds, "{text}");
        }
    }

    #[test]
    fn ages_compare_by_time_and_equal_within_their_unit() {
        let age = Value::Age(2 * 86_400 + 3600);
        assert!(holds(&age, Comparison::Greater, "2d"));
        assert!(holds(&age, Comparison::Equal, "2d") && !holds(&age, Comparison::Equal, "1d"));
        assert!(!holds(&age, Comparison::Less, "soon"));
    }

    #[test]
    fn versions_compare_by_the_parts_typed() {
        let version = Value::Version(Cow::Borrowed("v1.27.5+vmware.1"));
        for (comparison, typed) in [
            (Comparison::Equal, "1.27"),
            (Comparison::Equal, "v1.27.5"),
            (Comparison::Equal, "v1.27.5+vmware.1"),
            (Comparison::NotEqual, "v1.27.5+vmware.2"),
            (Comparison::Greater, "1.9"),
            (Comparison::Less, "1.28"),
            (Comparison::GreaterOrEqual, "1.27"),
        ] {
            assert!(holds(&version, comparison, typed), "{comparison:?} {typed}");
        }
        assert!(!holds(&version, Comparison::Greater, "1.27"));
    }

    #[test]
    fn texts_compare_as_numbers_where_both_are_and_by_letters_otherwise() {
        let memory = Value::Text(Cow::Borrowed("16Gi"));
        assert!(holds(&memory, Comparison::Greater, "900Mi") && holds(&memory, Comparison::Equal, "16384Mi"));
        let phase = Value::Text(Cow::Borrowed("Running"));
        assert!(holds(&phase, Comparison::Equal, "running") && holds(&phase, Comparison::Equal, "Running"));
        assert!(!holds(&phase, Comparison::Equal, "RUNNING") && !holds(&phase, Comparison::Equal, "run"));
    }

    #[test]
    fn no_value_is_only_like_the_empty_one() {
        assert!(Operand::new("").holds(None, Comparison::Equal));
        assert!(Operand::new("x").holds(None, Comparison::NotEqual));
        assert!(!Operand::new("3").holds(None, Comparison::Less));
        assert!(!Operand::new("3").holds(Some(&Value::Number(f64::NAN)), Comparison::Less));
    }
}
