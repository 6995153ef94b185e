//! Kubernetes quantities (`500m`, `16Gi`, `1e3`) as integers: CPU in millicores, the rest in units.

/// Reads a quantity into thousandths, so that `500m` is 500 and `2` is 2000; `None` when it is not one.
/// Rounds up, as Kubernetes does.
pub fn milli(text: &str) -> Option<i128> {
    let split = text
        .char_indices()
        .find(|(at, c)| !(c.is_ascii_digit() || *c == '.' || (*at == 0 && matches!(c, '-' | '+'))))
        .map_or(text.len(), |(at, _)| at);
    let (number, suffix) = text.split_at(split);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut value: i128 = format!("{whole}{fraction}").parse().ok()?;
    let places = u32::try_from(fraction.len()).ok()?;
    let (up, down) = factor(suffix)?;
    value = value.checked_mul(up)?.checked_mul(1000)?;
    let divisor = 10_i128.checked_pow(places)?.checked_mul(down)?;
    let (quotient, rest) = (value / divisor, value % divisor);
    Some(if rest > 0 { quotient + 1 } else { quotient })
}

/// What a suffix multiplies with and divides by.
fn factor(suffix: &str) -> Option<(i128, i128)> {
    let decimal = |power| 10_i128.checked_pow(power);
    Some(match suffix {
        "" => (1, 1),
        "n" => (1, decimal(9)?),
        "u" => (1, decimal(6)?),
        "m" => (1, 1000),
        "k" => (1000, 1),
        "M" => (decimal(6)?, 1),
        "G" => (decimal(9)?, 1),
        "T" => (decimal(12)?, 1),
        "P" => (decimal(15)?, 1),
        "E" => (decimal(18)?, 1),
        "Ki" => (1 << 10, 1),
        "Mi" => (1 << 20, 1),
        "Gi" => (1 << 30, 1),
        "Ti" => (1 << 40, 1),
        "Pi" => (1 << 50, 1),
        "Ei" => (1 << 60, 1),
        _ => {
            let power: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            let scale = decimal(power.unsigned_abs())?;
            if power < 0 { (1, scale) } else { (scale, 1) }
        }
    })
}

/// CPU in millicores.
pub fn cpu(text: &str) -> Option<u64> {
    u64::try_from(milli(text)?).ok()
}

/// Bytes (or pods, or any plain number).
pub fn bytes(text: &str) -> Option<u64> {
    let milli = milli(text)?;
    u64::try_from(milli / 1000 + i128::from(milli % 1000 > 0)).ok()
}

/// `7.5Gi`, `512Mi`: one decimal at most.
pub fn human_bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "Ki", "Mi", "Gi", "Ti"];
    let mut unit = 0;
    let mut tenths = u128::from(bytes) * 10;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    if tenths.is_multiple_of(10) || tenths >= 1000 {
        format!("{}{}", tenths / 10, UNITS[unit])
    } else {
        format!("{}.{}{}", tenths / 10, tenths % 10, UNITS[unit])
    }
}

/// `3.9`, `500m`.
pub fn human_cpu(milli: u64) -> String {
    match milli {
        0..1000 if milli > 0 => format!("{milli}m"),
        _ if milli.is_multiple_of(1000) => (milli / 1000).to_string(),
        _ => format!("{}.{}", milli / 1000, milli % 1000 / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_of_every_spelling() {
        let rows = [
            ("2", Some(2000)),
            ("500m", Some(500)),
            ("0.5", Some(500)),
            (".5", Some(500)),
            ("1.2345Ki", Some(1_264_128)),
            ("1e3", Some(1_000_000)),
            ("1E3", Some(1_000_000)),
            ("25e-1", Some(2500)),
            ("1n", Some(1)),
            ("250000000n", Some(250)),
            ("-1.5", Some(-1500)),
            ("", None),
            ("m", None),
            ("1.2.3", None),
            ("1 Gi", None),
            ("12Qi", None),
            ("1e99", None),
        ];
        for (text, expected) in rows {
            assert_eq!(milli(text), expected, "{text}");
        }
        assert_eq!(bytes("16Gi"), Some(17_179_869_184));
        assert_eq!(bytes("1E"), Some(1_000_000_000_000_000_000));
        assert_eq!(cpu("3920m"), Some(3920));
        assert_eq!(cpu("-1"), None);
    }

    #[test]
    fn quantities_for_people() {
        assert_eq!(human_bytes(17_179_869_184), "16Gi");
        assert_eq!(human_bytes(1_600_000), "1.5Mi");
        assert_eq!(human_cpu(3920), "3.9");
        assert_eq!(human_cpu(500), "500m");
        assert_eq!(human_cpu(0), "0");
    }
}
