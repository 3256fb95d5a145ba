//! The number of a key, in all its lengths. Must not know keyrings.

/// A key's number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// All of it, in upper case.
    pub whole: String,
    /// Its last eight digits.
    pub short: String,
    /// Its last sixteen digits; all where there are fewer.
    pub long: String,
}

/// The length of the short form.
const SHORT: usize = 8;

/// The length of the long form.
const LONG: usize = 16;

impl Identifier {
    /// Reads one: eight digits, sixteen, or more. None for what isn't one.
    pub fn read(text: &str) -> Option<Identifier> {
        let upper = text.to_ascii_uppercase();
        let whole = upper.strip_prefix("0X").unwrap_or(&upper);
        let length = whole.len();
        let is_one = whole.bytes().all(|byte| byte.is_ascii_hexdigit())
            && (length == SHORT || length >= LONG);
        is_one.then(|| Identifier {
            short: whole[length - SHORT..].to_owned(),
            long: whole[length.saturating_sub(LONG)..].to_owned(),
            whole: whole.to_owned(),
        })
    }

    /// Whether it is the short form, which keys are then compared by.
    pub fn is_short(&self) -> bool {
        self.whole.len() == SHORT
    }
}

/// The last eight digits of a number.
pub fn shortened(number: &str) -> &str {
    number.get(number.len().saturating_sub(SHORT)..).unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        let read = |text: &str| Identifier::read(text).map(|id| (id.short, id.long));
        let pair = |short: &str, long: &str| Some((short.to_owned(), long.to_owned()));
        assert_eq!(
            read("0x6d12af7d94aca2fd2101e0851189fe7038464a06"),
            pair("38464A06", "1189FE7038464A06")
        );
        assert_eq!(read("1189FE7038464A06"), pair("38464A06", "1189FE7038464A06"));
        assert_eq!(read("38464A06"), pair("38464A06", "38464A06"));
        for bad in ["", "1234", "xyz", "123456789", "12345678901234567é"] {
            assert_eq!(Identifier::read(bad), None, "{bad}");
        }
    }
}
