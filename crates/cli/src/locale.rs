//! Whether the environment's locale will do: it must be one that the system has, and its encoding
//! UTF-8. Stock refuses all else before it reads anything (case locale). The system's files are
//! asked, not the C library, which a static binary doesn't have. Must not know what a command does.

use std::path::Path;

mod system;

use system::Locales;

/// The parts of a locale, each with a variable of its own, as the C library knows them.
const CATEGORIES: [&str; 12] = [
    "LC_CTYPE",
    "LC_NUMERIC",
    "LC_TIME",
    "LC_COLLATE",
    "LC_MONETARY",
    "LC_MESSAGES",
    "LC_PAPER",
    "LC_NAME",
    "LC_ADDRESS",
    "LC_TELEPHONE",
    "LC_MEASUREMENT",
    "LC_IDENTIFICATION",
];

/// What is wrong with the locale of this process.
pub fn fault() -> Option<String> {
    let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let folders = read("LOCPATH");
    let locales = Locales::new(folders.as_deref(), Path::new("/usr/lib/locale"));
    fault_of(&read, &locales)
}

fn fault_of(read: &dyn Fn(&str) -> Option<String>, locales: &Locales) -> Option<String> {
    let all = read("LC_ALL");
    let of = |category: &str| {
        let own = all.clone().or_else(|| read(category)).or_else(|| read("LANG"));
        own.unwrap_or_else(|| "C".to_owned())
    };
    let mut characters = of("LC_CTYPE");
    // Python itself takes C.UTF-8 instead of C, and of what there isn't, unless LC_ALL says so.
    if all.is_none() && (is_plain(&characters) || locales.encoding(&characters).is_none()) {
        "C.UTF-8".clone_into(&mut characters);
    }
    let mut known: Vec<String> = Vec::new();
    let others = CATEGORIES[1..].iter().map(|category| of(category));
    for name in std::iter::once(characters.clone()).chain(others) {
        if known.contains(&name) {
            continue;
        }
        if !is_plain(&name) && locales.encoding(&name).is_none() {
            let reason = "unsupported locale setting";
            return Some(format!(
                "ERROR: Ansible could not initialize the preferred locale: {reason}"
            ));
        }
        known.push(name);
    }
    let found = locales.encoding(&characters).map_or_else(|| "None".to_owned(), |name| told(&name));
    (found != "UTF-8").then(|| {
        format!("ERROR: Ansible requires the locale encoding to be UTF-8; Detected {found}.")
    })
}

/// The locale without a language, which every system has.
fn is_plain(name: &str) -> bool {
    matches!(name, "C" | "POSIX")
}

/// An encoding's name as Python tells it.
fn told(encoding: &str) -> String {
    let plain = system::plain(encoding);
    if let Some(part) = plain.strip_prefix("iso8859") {
        return format!("ISO8859-{part}");
    }
    match plain.as_str() {
        "utf8" => "UTF-8".to_owned(),
        "eucjp" => "eucJP".to_owned(),
        "euckr" => "eucKR".to_owned(),
        "koi8r" => "KOI8-R".to_owned(),
        "koi8u" => "KOI8-U".to_owned(),
        _ if plain.starts_with("cp") || plain.starts_with("tis") => plain.to_uppercase(),
        _ => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MISSING: &str =
        "ERROR: Ansible could not initialize the preferred locale: unsupported locale setting";

    fn check(variables: &[(&str, &str)], expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        for name in ["de_DE.utf8", "en_US.iso88591", "C.utf8"] {
            let folder = folder.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join("LC_CTYPE"), "").unwrap();
        }
        let read = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let found = fault_of(&read, &Locales::new(None, folder.path()));
        assert_eq!(found.unwrap_or_default(), expected, "{variables:?}");
    }

    #[test]
    fn locales_that_will_do() {
        check(&[], "");
        check(&[("LANG", "C")], "");
        check(&[("LC_CTYPE", "nosuch")], "");
        check(&[("LC_ALL", "C.UTF-8"), ("LC_TIME", "nosuch")], "");
        check(&[("LANG", "de_DE.UTF-8")], "");
        check(&[("LC_ALL", "de_DE.UTF-8@nosuch")], "");
    }

    #[test]
    fn locales_that_wont_do() {
        check(&[("LANG", "nosuch")], MISSING);
        check(&[("LC_ALL", "nosuch"), ("LC_CTYPE", "C.UTF-8")], MISSING);
        check(&[("LC_TIME", "nosuch")], MISSING);
        check(&[("LC_ALL", "de_DE.UTF-8/..")], MISSING);
        check(&[("LC_ALL", "de_DE")], MISSING);
        let wants = |found: &str| {
            format!("ERROR: Ansible requires the locale encoding to be UTF-8; Detected {found}.")
        };
        check(&[("LC_ALL", "C")], &wants("None"));
        check(&[("LC_ALL", "POSIX")], &wants("None"));
        check(&[("LC_CTYPE", "en_US.ISO-8859-1")], &wants("ISO8859-1"));
    }

    #[test]
    fn a_system_without_locales_takes_any() {
        let read = |_: &str| Some("nosuch.UTF-8".to_owned());
        assert_eq!(fault_of(&read, &Locales::new(None, Path::new("/nosuch"))), None);
    }
}
