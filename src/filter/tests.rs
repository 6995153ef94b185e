use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use super::*;

const COLUMNS: &[&str] = &["name", "phase", "replicas", "age", "version", "memory", "reason"];

struct Row {
    exact: String,
    lower: String,
    fields: BTreeMap<&'static str, Value<'static>>,
    labels: BTreeMap<&'static str, &'static str>,
}

impl Row {
    fn new(text: &str) -> Self {
        Self {
            exact: text.to_owned(),
            lower: text.to_lowercase(),
            fields: BTreeMap::new(),
            labels: BTreeMap::new(),
        }
    }

    fn machine() -> Self {
        let mut row = Self::new("prod-a-md-0-x7k2 Running vSphere don't-panic");
        row.fields = BTreeMap::from([
            ("phase", Value::Text("Running".into())),
            ("replicas", Value::Number(5.0)),
            ("age", Value::Age(3 * 86_400)),
            ("version", Value::Version("v1.27.5+vmware.1".into())),
            ("memory", Value::Number(17_179_869_184.0)),
        ]);
        row.labels = BTreeMap::from([("tier", "gold"), ("site", "")]);
        row
    }
}

impl Record for Row {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.lower)
    }
    fn text_exact(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.exact)
    }
    fn field(&self, column: &str) -> Option<Value<'_>> {
        self.fields.get(column).cloned()
    }
    fn label(&self, name: &str) -> Option<&str> {
        self.labels.get(name).copied()
    }
}

fn filter(text: &str) -> Filter {
    Filter::parse(text, COLUMNS).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn every_term_of_the_grammar_holds_where_it_should() {
    let row = Row::machine();
    for (text, holds) in [
        ("", true),
        ("  ", true),
        ("running", true),
        ("RUNNING", false),
        ("Running", true),
        ("prod sphere", true),
        ("prod stage", false),
        ("!prod", false),
        ("!stage", true),
        ("!!prod", true),
        ("\"0-x7k2 running\"", true),
        ("'running 0-x7k2'", false),
        ("don't", true),
        ("phase=running", true),
        ("phase!=running", false),
        ("PHASE==Running", true),
        ("!phase=Running", false),
        ("phase=run", false),
        ("replicas>3", true),
        ("replicas>=5 replicas<=5 replicas=5", true),
        ("replicas<5", false),
        ("age>2d", true),
        ("age<2d12h", false),
        ("memory>=16Gi", true),
        ("version<1.28 version=1.27", true),
        ("reason=\"\"", true),
        ("reason!=\"\"", false),
        ("phase=\"\"", false),
        ("label:tier", true),
        ("label:tier=gold", true),
        ("label:tier=silver", false),
        ("label:site=", true),
        ("!label:zone", true),
        ("~md-\\d+-", true),
        ("~^PROD", false),
        ("~^\\Srod", true),
        ("!~stage|test", true),
        ("~\"0-x7k2 run\"", true),
        ("\"phase=running\"", false),
        (">3", false),
    ] {
        assert_eq!(filter(text).matches(&row, Mode::Plain), holds, "{text}");
    }
}

#[test]
fn an_error_says_what_and_where() {
    for (text, at, part) in [
        ("prod !", 5, "needs a term"),
        ("a \"b c", 2, "not closed"),
        ("x phaze=Running", 2, "did you mean \"phase\"?"),
        ("é zebra=1", 2, "known: name, phase"),
        ("replicas>", 9, "needs a value"),
        ("phase=", 6, "needs a value"),
        ("label:", 6, "needs a name"),
        ("label:tier>3", 10, "only knows"),
        ("~", 0, "needs a pattern"),
        ("ab ~[", 4, "not a pattern"),
    ] {
        let error = Filter::parse(text, COLUMNS).unwrap_err();
        assert_eq!(error.at, at, "{text}: {error}");
        assert!(error.message.contains(part), "{text}: {error}");
    }
}

#[test]
fn words_are_fuzzy_only_when_no_row_contains_them() {
    let rows = ["prod-cluster-one running", "stage-cluster running"].map(Row::new);
    assert_eq!(filter("cluster").mode(&rows), Mode::Plain);
    assert_eq!(filter("prdclu").mode(&rows), Mode::Fuzzy);
    assert_eq!(filter("!prdclu phase=x").mode(&rows), Mode::Plain);
    // A word that is there but shut out by another term stays as it was typed.
    assert_eq!(filter("prod replicas>3").mode(&rows), Mode::Plain);
    let shown = |text: &str| rows.each_ref().map(|row| filter(text).matches(row, Mode::Fuzzy));
    assert_eq!(shown("prdclu"), [true, false]);
    assert_eq!(shown("cluster !prod"), [false, true]);
}

#[test]
fn typing_more_narrows_and_rubbing_out_does_not() {
    for (new, old, narrows) in [
        ("prod", "", true),
        ("prod", "pro", true),
        ("pro", "prod", false),
        ("prod a", "prod", true),
        ("!pro", "!prod", true),
        ("!prod", "!pro", false),
        ("prod age>2d", "pro", true),
        ("age>2d", "age>1d", false),
        ("Prod", "prod", false),
        ("~ab", "~ab", true),
        ("~abc", "~ab", false),
        ("", "x", false),
    ] {
        assert_eq!(filter(new).narrows(&filter(old)), narrows, "{old} -> {new}");
    }
}

#[test]
fn spans_show_what_was_found() {
    let spans = |text: &str, shown: &str| {
        filter(text).spans(shown).into_iter().map(|span| shown[span].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(spans("prod !x", "Prod-a-prod"), ["Prod", "prod"]);
    assert_eq!(spans("ab bc", "xabcx"), ["abc"]);
    assert_eq!(spans("~\\d+ phase=x", "a12b3"), ["12", "3"]);
    assert_eq!(spans("é", "CAFÉ"), ["É"]);
    assert_eq!(spans("x", "İx"), Vec::<String>::new());
}

/// Generous for an unoptimised build on a busy machine: it is there to catch work per row that should not be.
#[test]
fn ten_thousand_rows_take_no_time() {
    let rows: Vec<Row> = (0..10_000).map(|n| Row::new(&format!("{n:>112} running"))).collect();
    for (text, mode) in [("9999 run", Mode::Plain), ("rnning", Mode::Fuzzy)] {
        let filter = filter(text);
        let started = clock();
        let found = rows.iter().filter(|row| filter.matches(*row, mode)).count();
        assert!(found >= 1, "{text}");
        assert!(clock() - started < Duration::from_secs(2), "{text}: {:?}", clock() - started);
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement in a test")]
fn clock() -> std::time::Instant {
    std::time::Instant::now()
}

/// A prompt as somebody types it: mostly parts of the grammar, sometimes anything.
fn prompt() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-zA-Z0-9é]{1,5}",
        prop::sample::select(vec![
            "!", "~", "=", "!=", ">", "<=", "\"", "'", " ", "label:", "phase", "replicas", "age>",
            "version=", "(", "\\d", "2d", "Running",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_text_makes_it_fall_over(text in prompt(), shown in "\\PC{0,40}") {
        match Filter::parse(&text, COLUMNS) {
            Err(error) => prop_assert!(error.at <= text.chars().count()),
            Ok(filter) => {
                let row = Row::new(&shown);
                for mode in [Mode::Plain, Mode::Fuzzy] {
                    filter.matches(&row, mode);
                    filter.matches(&Row::machine(), mode);
                }
                for span in filter.spans(&shown) {
                    prop_assert!(shown.get(span).is_some());
                }
                prop_assert!(filter.narrows(&filter.clone()));
            }
        }
    }

    #[test]
    fn the_inverse_is_the_complement(word in "[a-zA-Z0-9=<>~:\"-]{1,8}", shown in "[a-zA-Z0-9 -]{0,30}") {
        if let (Ok(plain), Ok(inverse)) = (Filter::parse(&word, COLUMNS), Filter::parse(&format!("!{word}"), COLUMNS)) {
            for row in [Row::new(&shown), Row::machine()] {
                prop_assert_ne!(plain.matches(&row, Mode::Plain), inverse.matches(&row, Mode::Plain));
            }
        }
    }

    #[test]
    fn what_narrows_shows_no_new_row(new in "!?[abAB]{1,4}( !?[abAB]{1,3})?", old in "!?[abAB]{1,3}", shown in "[abAB ]{0,12}") {
        let (new, old) = (filter(&new), filter(&old));
        let row = Row::new(&shown);
        if new.narrows(&old) && new.matches(&row, Mode::Plain) {
            prop_assert!(old.matches(&row, Mode::Plain));
        }
    }
}
