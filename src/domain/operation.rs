//! What the tanzu CLI noted on a Cluster about the work it had begun there. Judges nothing but time.
//!
//! The CLI writes `TKGOperationInfo` (JSON with the operation and its timeout in seconds) when it begins and
//! `TKGOperationLastObservedTimestamp` while it watches (tanzu-framework, `tkg/clusterclient`); both stay when it ends.
use jiff::Timestamp;
use serde::Deserialize;

use super::Meta;

/// Work that the CLI began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// `Create` or `Upgrade`.
    pub name: String,
    /// When something was last seen to move.
    pub observed: Timestamp,
    /// Seconds without a move after which it counts as stalled.
    pub timeout: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Info {
    operation: String,
    operation_timeout: i64,
}

impl Operation {
    /// What is noted on a Cluster; `None` where nothing is, or nothing that can be read.
    pub fn of(meta: &Meta) -> Option<Self> {
        let info = meta.annotation("TKGOperationInfo")?;
        let observed = read_time(meta.annotation("TKGOperationLastObservedTimestamp")?)?;
        // Some releases wrote the quotes with backslashes.
        let info: Info = serde_json::from_str(&info.replace("\\\"", "\"")).ok()?;
        Some(Self { name: info.operation, observed, timeout: info.operation_timeout })
    }

    /// Nothing has moved for longer than the CLI would have waited.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        now.as_second().saturating_sub(self.observed.as_second()) > self.timeout
    }
}

/// A time as Go prints it: `2022-01-23 04:31:48.203724236 +0000 UTC`, possibly with a monotonic reading after it.
fn read_time(text: &str) -> Option<Timestamp> {
    let parts: Vec<&str> = text.split_whitespace().take(3).collect();
    Timestamp::strptime("%Y-%m-%d %H:%M:%S%.f %z", parts.join(" ")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(info: &str, observed: &str) -> Meta {
        let of = |name: &str, value: &str| (name.into(), value.into());
        let annotations = [of("TKGOperationInfo", info), of("TKGOperationLastObservedTimestamp", observed)];
        Meta { annotations: annotations.into_iter().collect(), ..Meta::default() }
    }

    const INFO: &str = r#"{"Operation":"Create","OperationStartTimestamp":"2022-01-23 04:31:48.2 +0000 UTC","OperationTimeout":1800}"#;

    #[test]
    fn it_is_read_as_the_cli_writes_it() {
        for (info, at) in [
            (INFO.to_owned(), "2022-01-23 04:31:48.203724236 +0000 UTC"),
            (INFO.replace('"', "\\\""), "2022-01-23 04:31:48 +0000 UTC m=+12.5"),
        ] {
            let operation = Operation::of(&meta(&info, at)).unwrap();
            assert_eq!((&*operation.name, operation.timeout), ("Create", 1800), "{info}");
            let at = |second: i64| Timestamp::from_second(1_642_912_308 + second).unwrap();
            assert_eq!(operation.observed.as_second(), at(0).as_second());
            assert!(!operation.is_overdue(at(1800)) && operation.is_overdue(at(1802)));
        }
    }

    #[test]
    fn what_cannot_be_read_is_no_operation() {
        for (info, at) in
            [("{", "2022-01-23 04:31:48 +0000 UTC"), (INFO, "yesterday"), ("{}", ""), (INFO, "")]
        {
            assert_eq!(Operation::of(&meta(info, at)), None, "{info} {at}");
        }
        assert_eq!(Operation::of(&Meta::default()), None);
    }
}
