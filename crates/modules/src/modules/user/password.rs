//! Whether a password looks like a hash. Must not know accounts.

/// What users are told who give one that doesn't.
pub const NOT_HASHED: &str = "The input password appears not to have been hashed. The 'password' \
                              argument must be encrypted for this module to work properly.";

/// Whether a password can be what crypt(3) makes, or stands for none (`*`, `!`, nothing).
pub fn looks_hashed(password: &str) -> bool {
    if matches!(password, "" | "*" | "!" | "*************") {
        return true;
    }
    if password.contains([':', '*', '!']) {
        return false;
    }
    let fields: Vec<&str> = password.split('$').collect();
    let [first, kind, .., hash] = fields.as_slice() else {
        return false;
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '/';
    let length = match *kind {
        "1" => Some(22),
        "5" | "y" => Some(43),
        "6" => Some(86),
        _ => None,
    };
    first.is_empty()
        && hash.chars().all(is_plain)
        && length.is_none_or(|length| hash.len() == length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_stock_warns() {
        let hash = |start: &str, length: usize| format!("{start}{}", "a".repeat(length));
        for good in [
            "*".to_owned(),
            "*".repeat(13),
            hash("$6$s$", 86),
            hash("$6$rounds=5000$s$", 86),
            hash("$5$s$", 43),
            hash("$1$a b$", 22),
            hash("$y$j9T$x$", 43),
            hash("$2b$10$", 53),
            "$$".to_owned(),
        ] {
            assert!(looks_hashed(&good), "{good}");
        }
        for bad in [
            "plain".to_owned(),
            "!!".to_owned(),
            "*LK*".to_owned(),
            "$a".to_owned(),
            hash("$6$s$", 85),
            hash("$6$s$:", 85),
            hash("!$6$s$", 86),
            hash("$y$j9T$x$-", 42),
            hash("", 13),
        ] {
            assert!(!looks_hashed(&bad), "{bad}");
        }
    }
}
