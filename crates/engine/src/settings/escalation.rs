//! Settings about passwords and about becoming another user. Those of a method count more than those
//! of all methods, in the environment as in the file (case `become-su`).

use std::path::PathBuf;

use nafal_actions::MethodDefaults;
use nafal_connection::Secret;

use super::reader::Reader;
use crate::error::Error;

/// How passwords are asked for, and how one becomes another user.
#[derive(Clone, Debug, Default)]
pub struct EscalationSettings {
    /// `ask_pass`.
    pub ask_login: bool,
    /// `connection_password_file`.
    pub login_file: Option<PathBuf>,
    /// `become_ask_pass`.
    pub ask: bool,
    /// `become_password_file`.
    pub file: Option<PathBuf>,
    /// `agnostic_become_prompt` is off: the question names the method.
    pub names_method: bool,
    /// `become_allow_same_user`.
    pub same_user: bool,
    /// What sudo is told.
    pub sudo: MethodDefaults,
    /// What su is told.
    pub su: MethodDefaults,
}

impl EscalationSettings {
    pub(super) fn read(read: &Reader<'_>) -> Result<EscalationSettings, Error> {
        const SECTION: &str = "privilege_escalation";
        let flag = |variable: &str, section: &str, key: &str| {
            read.flag(variable, section, key).map(|flag| flag.unwrap_or(false))
        };
        let path = |variable: &str, key: &str| read.path(variable, "defaults", key);
        Ok(EscalationSettings {
            ask_login: flag("ANSIBLE_ASK_PASS", "defaults", "ask_pass")?,
            login_file: path("ANSIBLE_CONNECTION_PASSWORD_FILE", "connection_password_file"),
            ask: flag("ANSIBLE_BECOME_ASK_PASS", SECTION, "become_ask_pass")?,
            file: path("ANSIBLE_BECOME_PASSWORD_FILE", "become_password_file"),
            names_method: !read
                .flag("ANSIBLE_AGNOSTIC_BECOME_PROMPT", SECTION, "agnostic_become_prompt")?
                .unwrap_or(true),
            same_user: flag("ANSIBLE_BECOME_ALLOW_SAME_USER", SECTION, "become_allow_same_user")?,
            sudo: method(read, "sudo"),
            su: method(read, "su"),
        })
    }
}

fn method(read: &Reader<'_>, name: &str) -> MethodDefaults {
    let section = format!("{name}_become_plugin");
    let text = |what: &str, key: &str| {
        let own = format!("ANSIBLE_{}_{}", name.to_uppercase(), what.to_uppercase());
        let general = format!("ANSIBLE_BECOME_{}", what.to_uppercase());
        let environment = read.variable(&own).or_else(|| read.variable(&general));
        environment
            .or_else(|| read.in_file(&section, key))
            .or_else(|| read.in_file("privilege_escalation", &format!("become_{what}")))
    };
    MethodDefaults {
        user: text("user", "user").filter(|user| !user.is_empty()),
        executable: text("exe", "executable").filter(|executable| !executable.is_empty()),
        flags: text("flags", "flags"),
        password: text("pass", "password").filter(|password| !password.is_empty()).map(Secret::new),
        folder: read.text("ANSIBLE_SUDO_CHDIR", &section, "chdir").filter(|_| name == "sudo"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::file::ConfigFile;
    use super::super::table::Settings;

    #[test]
    fn the_method_counts_more() {
        let environment = |name: &str| match name {
            "ANSIBLE_SUDO_USER" => Some("bob".to_owned()),
            "ANSIBLE_BECOME_USER" => Some("alice".to_owned()),
            "ANSIBLE_BECOME_FLAGS" => Some(String::new()),
            _ => None,
        };
        let settings = Settings::from(&environment, &ConfigFile::default()).unwrap();
        let escalation = settings.escalation;
        assert_eq!(escalation.sudo.user.as_deref(), Some("bob"));
        assert_eq!(escalation.su.user.as_deref(), Some("alice"));
        assert_eq!(escalation.sudo.flags.as_deref(), Some(""));
        assert!(!escalation.names_method && !escalation.ask);
    }
}
