//! Kubernetes quantities (`500m`, `16Gi`, `1e3`) as integers: CPU in millicores, the rest in units.

/// Reads a quantity into thousandths, so that `500m` is 500 and `2` is 2000; `None` when it is not one.
pub fn milli(text: &str) -> Option<i128> {
    let split =
        text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(text.len());
    let (number, suffix) = text.split_at(split);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut value: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    value = value.checked_mul(1000)?;
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    value += digits.parse::<i128>().ok()?;
    scale(value, suffix)
}

fn scale(milli: i128, suffix: &str) -> Option<i128> {
    let factor: i128 = match suffix {
        "" => 1,
        "n" => return Some(milli / 1_000_000_000),
        "u" => return Some(milli / 1_000_000),
        "m" => return Some(milli / 1000),
        "k" => 1000,
        "M" => 1000_i128.pow(2),
        "G" => 1000_i128.pow(3),
        "T" => 1000_i128.pow(4),
        "P" => 1000_i128.pow(5),
        "Ki" => 1024,
        "Mi" => 1024_i128.pow(2),
        "Gi" => 1024_i128.pow(3),
        "Ti" => 1024_i128.pow(4),
        "Pi" => 1024_i128.pow(5),
        _ => {
            let power: u32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            10_i128.checked_pow(power)?
        }
    };
    milli.checked_mul(factor)
}

/// CPU in millicores.
pub fn cpu(text: &str) -> Option<u64> {
    u64::try_from(milli(text)?).ok()
}

/// Bytes (or pods, or any plain number).
pub fn bytes(text: &str) -> Option<u64> {
    u64::try_from(milli(text)? / 1000).ok()
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
