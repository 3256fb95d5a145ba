//! The command lines of sudo and su around a script, and the words by which they ask for a
//! password or refuse it. A password itself is never on a command line. Must not know what the
//! script does.

use crate::fault::Fault;
use crate::target::{Become, BecomeMethod, Identity};

/// What sudo is told to ask with, so that its question is told apart from other text.
const PROMPT: &str = "[sudo via nafal] password:";

/// A word as a shell's argument.
pub fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\"'\"'"))
}

/// The line for the login's shell that runs a `/bin/sh` script as this identity.
pub fn command_line(identity: &Identity, script: &str) -> String {
    let script = format!("/bin/sh -c {}", quoted(script));
    let other = match identity {
        Identity::Login => return script,
        Identity::Become(other) => other,
    };
    let executable = other.executable.as_deref().unwrap_or(other.method.name());
    let user = quoted(&other.user);
    let line = match other.method {
        BecomeMethod::Sudo => {
            let flags = other.flags.as_deref().unwrap_or("-H -S -n");
            let flags = match other.password {
                None => flags.to_owned(),
                Some(_) => format!("{} -p {}", without_n(flags), quoted(PROMPT)),
            };
            format!("{executable} {flags} -u {user} {script}")
        }
        BecomeMethod::Su => {
            let flags = other.flags.as_deref().unwrap_or_default();
            format!("{executable} {flags} {user} -c {}", quoted(&script))
        }
    };
    match &other.folder {
        Some(folder) => {
            let line = format!("cd {} && exec {line}", quoted(folder));
            format!("/bin/sh -c {}", quoted(&line))
        }
        None => line,
    }
}

/// sudo's flags without `-n`, which forbids asking.
fn without_n(flags: &str) -> String {
    let mut kept: Vec<String> = Vec::new();
    for flag in flags.split_whitespace() {
        let is_bundle = flag.starts_with('-') && !flag.starts_with("--");
        let flag = match flag {
            "--non-interactive" => continue,
            bundle if is_bundle => bundle.replace('n', ""),
            other => other.to_owned(),
        };
        if flag != "-" {
            kept.push(flag);
        }
    }
    if !kept.iter().any(|flag| flag == "--stdin" || flag.contains('S')) {
        kept.push("-S".to_owned());
    }
    kept.join(" ")
}

/// What text on stderr means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing in particular.
    Nothing,
    /// The password is wanted.
    Question,
    /// The password was wrong.
    Refusal,
    /// A password would be needed.
    Missing,
}

/// What sudo or su says by this text.
pub fn hear(other: &Become, text: &str) -> Heard {
    let refusals = ["Sorry, try again", "incorrect password", "Authentication failure"];
    if refusals.iter().any(|words| text.contains(words)) {
        return Heard::Refusal;
    }
    if text.contains("a password is required") || text.contains("password is required") {
        return Heard::Missing;
    }
    let asks = match other.method {
        BecomeMethod::Sudo => text.contains(PROMPT),
        // su asks in the user's language: its question ends with a colon and no line end.
        BecomeMethod::Su => text.trim_end_matches(' ').ends_with([':', '：']),
    };
    if asks { Heard::Question } else { Heard::Nothing }
}

/// The fault of not becoming the other user.
pub fn fault(other: &Become, heard: Heard, text: &str) -> Fault {
    let method = other.method.name();
    let reason = match heard {
        Heard::Refusal => format!("Incorrect {method} password"),
        Heard::Missing | Heard::Question => format!("Missing {method} password"),
        Heard::Nothing if text.is_empty() => {
            format!("{method} to {} ended without a word", other.user)
        }
        Heard::Nothing => format!("{method} to {} failed: {text}", other.user),
    };
    Fault::Become { method, user: other.user.clone(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Secret;

    fn other(method: BecomeMethod, password: Option<&str>) -> Box<Become> {
        Box::new(Become {
            method,
            user: "web".into(),
            flags: None,
            executable: None,
            password: password.map(|text| Secret::new(text.into())),
            folder: None,
        })
    }

    #[test]
    fn lines() {
        let line = |identity: &Identity| command_line(identity, "echo 'a'");
        assert_eq!(line(&Identity::Login), "/bin/sh -c 'echo '\"'\"'a'\"'\"''");
        let sudo = line(&Identity::Become(other(BecomeMethod::Sudo, None)));
        assert!(sudo.starts_with("sudo -H -S -n -u 'web' /bin/sh -c "), "{sudo}");
        let sudo = line(&Identity::Become(other(BecomeMethod::Sudo, Some("pw"))));
        assert!(sudo.starts_with("sudo -H -S -p '[sudo via nafal] password:' -u 'web' /bin/sh"));
        assert!(!sudo.contains("pw"));
        let mut elsewhere = other(BecomeMethod::Sudo, None);
        elsewhere.folder = Some("/a b".to_owned());
        let elsewhere = line(&Identity::Become(elsewhere));
        assert!(
            elsewhere.starts_with("/bin/sh -c 'cd '\"'\"'/a b'\"'\"' && exec sudo -H"),
            "{elsewhere}"
        );
        let su = line(&Identity::Become(other(BecomeMethod::Su, None)));
        assert!(su.starts_with("su  'web' -c '/bin/sh -c "), "{su}");
        assert_eq!(without_n("-Hn --preserve-env"), "-H --preserve-env -S");
    }

    #[test]
    fn what_is_heard() {
        let sudo = other(BecomeMethod::Sudo, None);
        assert_eq!(hear(&sudo, PROMPT), Heard::Question);
        assert_eq!(hear(&sudo, "sudo: a password is required\n"), Heard::Missing);
        assert_eq!(hear(&sudo, "Sorry, try again.\n"), Heard::Refusal);
        assert_eq!(hear(&other(BecomeMethod::Su, None), "Passwort: "), Heard::Question);
        assert_eq!(fault(&sudo, Heard::Missing, "").to_string(), "Missing sudo password");
    }
}
