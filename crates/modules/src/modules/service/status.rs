//! Whether a service runs, from what is said to `status`. Must not run anything.

/// What an answer means; None when it means nothing. Codes that say no count before words, words
/// before success, and the service's own name may contain any of them.
pub fn is_running(name: &str, said: &str, code: i32) -> Option<bool> {
    const DOWN: [&str; 4] = [
        "could not access pid file",
        "is dead and pid file exists",
        "dead but subsys locked",
        "dead but pid file exists",
    ];
    if matches!(code, 1..=4 | 69) {
        return Some(false);
    }
    let said = said.to_lowercase().replace(&name.to_lowercase(), "");
    let is_denied = said.contains("not ");
    if said.contains("stop") {
        Some(false)
    } else if said.contains("run") {
        Some(!is_denied)
    } else if said.contains("start") && !is_denied {
        Some(true)
    } else if DOWN.iter().any(|words| said.contains(words)) {
        Some(false)
    } else {
        (code == 0).then_some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::is_running;

    #[test]
    fn codes_then_words() {
        for (said, code, is) in [
            ("ok", 0, Some(true)),
            ("ok", 7, None),
            ("RUNNING", 7, Some(true)),
            ("is dead and pid file exists", 7, Some(false)),
            ("dead but subsys locked", 0, Some(false)),
            ("could not access pid file", 7, Some(false)),
            ("not started", 7, None),
            ("Inactive", 0, Some(true)),
            ("run not", 7, Some(true)),
            ("stopped", 0, Some(false)),
            ("dead and", 0, Some(true)),
            ("", 5, None),
            ("", 69, Some(false)),
            ("is running", 1, Some(false)),
            ("not running", 0, Some(false)),
            ("stop/waiting", 7, Some(false)),
            ("started", 7, Some(true)),
            ("unrecognized service", 0, Some(true)),
            ("stopwatch is ok", 0, Some(true)),
        ] {
            assert_eq!(is_running("stopwatch", said, code), is, "{said} {code}");
        }
    }
}
