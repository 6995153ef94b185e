//! Ages and large numbers in few letters. Ages are coarse on purpose: an age that changes seldom is a cell
//! that is drawn seldom.

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY;

/// A server's clock may run this far ahead of ours before a timestamp counts as from the future.
const TOLERATED_SKEW: i64 = 5;

/// An age in the manner of kubectl: `59s`, `17m`, `5h12m`, `3d4h`, `23d`, `2y45d`. A timestamp from the
/// future is `0s`; `is_future` tells it from a new one.
pub fn age(seconds: i64) -> String {
    match seconds {
        ..=0 => "0s".to_owned(),
        s if s < 2 * MINUTE => format!("{s}s"),
        s if s < 3 * HOUR => format!("{}m", s / MINUTE),
        s if s < 8 * HOUR => pair(s, (HOUR, 'h'), (MINUTE, 'm')),
        s if s < 2 * DAY => format!("{}h", s / HOUR),
        s if s < 8 * DAY => pair(s, (DAY, 'd'), (HOUR, 'h')),
        s if s < 2 * YEAR => format!("{}d", s / DAY),
        s if s < 8 * YEAR => pair(s, (YEAR, 'y'), (DAY, 'd')),
        s => format!("{}y", s / YEAR),
    }
}

/// The age is negative by more than clocks usually differ: somebody's clock is wrong, and the view says so.
pub fn is_future(seconds: i64) -> bool {
    seconds < -TOLERATED_SKEW
}

/// A whole number with its thousands set apart: `8,412`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn pair(seconds: i64, (large, large_sign): (i64, char), (small, small_sign): (i64, char)) -> String {
    let whole = seconds / large;
    match seconds % large / small {
        0 => format!("{whole}{large_sign}"),
        rest => format!("{whole}{large_sign}{rest}{small_sign}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ages_read_as_operators_know_them() {
        let cases = [
            (0, "0s"),
            (59, "59s"),
            (119, "119s"),
            (120, "2m"),
            (179 * MINUTE, "179m"),
            (3 * HOUR, "3h"),
            (5 * HOUR + 12 * MINUTE + 9, "5h12m"),
            (8 * HOUR, "8h"),
            (47 * HOUR + 59 * MINUTE, "47h"),
            (3 * DAY + 4 * HOUR, "3d4h"),
            (23 * DAY + 5, "23d"),
            (2 * YEAR + 45 * DAY, "2y45d"),
            (9 * YEAR + 300 * DAY, "9y"),
        ];
        for (seconds, text) in cases {
            assert_eq!(age(seconds), text, "{seconds} s");
        }
    }

    #[test]
    fn a_timestamp_from_the_future_is_new_and_marked() {
        assert_eq!(age(-7200), "0s");
        assert!(is_future(-7200));
        assert!(!is_future(-2), "clocks that differ by two seconds are nothing to report");
        assert!(!is_future(0));
    }

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (8412, "8,412"), (1_000_000, "1,000,000")] {
            assert_eq!(thousands(number), text);
        }
    }

    proptest! {
        #[test]
        fn an_age_is_short_whatever_the_clock(seconds in any::<i64>()) {
            prop_assert!(age(seconds).len() <= 13);
            prop_assert_eq!(thousands(seconds.unsigned_abs()).replace(',', ""), seconds.unsigned_abs().to_string());
        }
    }
}
