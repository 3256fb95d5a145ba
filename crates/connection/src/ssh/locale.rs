//! The locale that a login gets from here: ssh hands it on for the master's own session alone (`SendEnv`, which most systems
//! have for `LANG` and `LC_*`), so the sessions over it are given what that one got. Must not know what it is for.

/// The variables.
const NAMES: [&str; 15] = [
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "LC_ADDRESS",
    "LC_COLLATE",
    "LC_CTYPE",
    "LC_IDENTIFICATION",
    "LC_MEASUREMENT",
    "LC_MESSAGES",
    "LC_MONETARY",
    "LC_NAME",
    "LC_NUMERIC",
    "LC_PAPER",
    "LC_TELEPHONE",
    "LC_TIME",
];

/// Words of a shell's `echo` that tell those that are set.
pub fn asked() -> String {
    NAMES.map(|name| format!("${{{name}+{name}=${name}}}")).join(" ")
}

/// What was given.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Locale(Vec<(&'static str, String)>);

impl Locale {
    /// What a line says that `asked` made.
    pub fn of_greeting(line: &str) -> Locale {
        let told = line.split_whitespace().filter_map(|word| {
            let (name, value) = word.split_once('=')?;
            let name = NAMES.into_iter().find(|known| *known == name)?;
            // Anything else is no locale, and might mean something to a shell.
            let is_locale = |c: char| c.is_ascii_alphanumeric() || ".:-_@".contains(c);
            value.chars().all(is_locale).then(|| (name, value.to_owned()))
        });
        Locale(told.collect())
    }

    /// What stands before a command, in whichever shell, to give it this locale.
    pub fn prefix(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let each = self.0.iter().map(|(name, value)| format!("{name}={value} "));
        format!("env {}", each.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_on() {
        let check = |line: &str, expected: &str| {
            assert_eq!(Locale::of_greeting(line).prefix(), expected, "{line}");
        };
        check("there", "");
        check("there LANG=C.UTF-8", "env LANG=C.UTF-8 ");
        check("there LANG=de_DE.UTF-8@euro LC_ALL=", "env LANG=de_DE.UTF-8@euro LC_ALL= ");
        check("there LANG=$(reboot) PATH=/x LC_TIME=a;b", "");
        assert!(asked().starts_with("${LANG+LANG=$LANG} "));
    }
}
