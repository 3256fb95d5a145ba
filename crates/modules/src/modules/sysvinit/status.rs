//! Whether a service runs, from what its script says. Must not run anything.

/// What a script's answer to `status` means; None when it means nothing. Its words count before
/// its code, and its own name may contain any of them.
pub fn is_running(name: &str, said: &str, code: i32) -> Option<bool> {
    const DOWN: [&str; 5] = [
        "inactive",
        "could not access pid file",
        "is dead and pid file exists",
        "dead but subsys locked",
        "dead but pid file exists",
    ];
    let said = said.to_lowercase().replace(&name.to_lowercase(), "");
    let is_denied = said.contains("not ");
    if said.contains("stop") || DOWN.iter().any(|words| said.contains(words)) {
        Some(false)
    } else if !is_denied && (said.contains("run") || said.contains("start")) {
        Some(true)
    } else {
        match code {
            0 => Some(true),
            1..=4 | 69 => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_running;

    #[test]
    fn words_then_code() {
        for (said, code, is) in [
            ("", 0, Some(true)),
            ("", 3, Some(false)),
            ("", 7, None),
            ("it is running", 7, Some(true)),
            ("running", 3, Some(true)),
            ("not running", 0, Some(true)),
            ("is not running", 3, Some(false)),
            ("is dead", 7, None),
            ("stopped", 0, Some(false)),
            ("start needed", 7, Some(true)),
            ("Inactive", 0, Some(false)),
            ("dead but pid file exists", 0, Some(false)),
            ("Could not access PID file", 7, Some(false)),
            ("not started", 7, None),
            ("stopwatch is fine", 0, Some(true)),
        ] {
            assert_eq!(is_running("stopwatch", said, code), is, "{said} {code}");
        }
    }
}
