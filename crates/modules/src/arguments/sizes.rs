//! Sizes with units (`10K`, `1.5 MB`, `4Kb`). Must not know arguments.

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes (`B`).
    Byte,
    /// Bits (`b`).
    Bit,
}

const PREFIXES: [(char, u32); 8] =
    [('K', 10), ('M', 20), ('G', 30), ('T', 40), ('P', 50), ('E', 60), ('Z', 70), ('Y', 80)];

/// The size in single units; None for what isn't one.
pub fn parse(text: &str, unit: Unit) -> Option<i64> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let number: f64 = text[..end].parse().ok()?;
    let suffix = text[end..].trim();
    let mut rest = suffix.chars();
    let Some(first) = rest.next() else {
        return Some(number as i64);
    };
    let rest = rest.as_str();
    let letter = if unit == Unit::Byte { "B" } else { "b" };
    let exponent = if suffix == letter || suffix.to_lowercase() == word(unit) {
        0
    } else {
        let prefix = PREFIXES.iter().find(|(prefix, _)| *prefix == first.to_ascii_uppercase())?;
        let is_unit = rest.is_empty() || rest == letter || rest.to_lowercase() == word(unit);
        if !is_unit {
            return None;
        }
        prefix.1
    };
    Some((number * 2_f64.powi(exponent as i32)).round() as i64)
}

fn word(unit: Unit) -> &'static str {
    match unit {
        Unit::Byte => "byte",
        Unit::Bit => "bit",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        assert_eq!(parse("10", Unit::Byte), Some(10));
        assert_eq!(parse("1.5K", Unit::Byte), Some(1536));
        assert_eq!(parse("2 MB", Unit::Byte), Some(2 << 20));
        assert_eq!(parse("4Kb", Unit::Bit), Some(4096));
        assert_eq!(parse("4Kb", Unit::Byte), None);
        assert_eq!(parse("x", Unit::Byte), None);
    }
}
