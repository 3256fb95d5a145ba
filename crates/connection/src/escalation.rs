//! The command that starts an agent as another user.

use nafal_base::HostName;

use crate::fault::Fault;
use crate::target::{Become, BecomeMethod, Identity};

/// Stock's own flags for sudo: no prompt unless a password is there to give.
const SUDO_FLAGS: &str = "-H -S -n";

/// The words that start `command` as `identity`. A password is never among them.
pub(crate) fn command(
    host: &HostName,
    identity: &Identity,
    command: &[String],
) -> Result<Vec<String>, Fault> {
    let Identity::Become(wanted) = identity else { return Ok(command.to_vec()) };
    let bad = |message: String| Fault::Become { host: host.clone(), message };
    if wanted.password.is_some() {
        return Err(bad(
            "becoming another user with a password is not built yet in nafal".to_owned(),
        ));
    }
    match wanted.method {
        BecomeMethod::Sudo => sudo(wanted, command).map_err(bad),
        BecomeMethod::Su => su(wanted, command).map_err(bad),
    }
}

fn flags(written: Option<&String>, default: &str) -> Result<Vec<String>, String> {
    let text = written.map_or(default, String::as_str);
    shlex::split(text).ok_or_else(|| format!("become_flags can't be split into words: {text}"))
}

fn sudo(wanted: &Become, command: &[String]) -> Result<Vec<String>, String> {
    let mut words = vec![wanted.executable.clone().unwrap_or_else(|| "sudo".to_owned())];
    words.extend(flags(wanted.flags.as_ref(), SUDO_FLAGS)?);
    words.extend(["-u".to_owned(), wanted.user.clone(), "--".to_owned()]);
    words.extend_from_slice(command);
    Ok(words)
}

fn su(wanted: &Become, command: &[String]) -> Result<Vec<String>, String> {
    let mut words = vec![wanted.executable.clone().unwrap_or_else(|| "su".to_owned())];
    words.extend(flags(wanted.flags.as_ref(), "")?);
    let line = shlex::try_join(command.iter().map(String::as_str)).map_err(|e| e.to_string())?;
    words.extend([wanted.user.clone(), "-s".into(), "/bin/sh".into(), "-c".into(), line]);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sudo_never_asks() {
        let wanted = Become {
            method: BecomeMethod::Sudo,
            user: "app".into(),
            flags: None,
            executable: None,
            password: None,
        };
        let identity = Identity::Become(Box::new(wanted));
        let words = command(&"h".into(), &identity, &["agent".to_owned()]).unwrap();
        assert_eq!(words, ["sudo", "-H", "-S", "-n", "-u", "app", "--", "agent"]);
    }
}
