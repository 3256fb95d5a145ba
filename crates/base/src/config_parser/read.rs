//! Sections, keys and values of INI files, as Python's configparser reads them. Must not fill anything in.

/// The value of a key that has none, not even an empty one.
pub const NO_VALUE: &str = "\0";

/// Sections, in order, with their keys and values.
pub type Sections = Vec<(String, Vec<(String, String)>)>;

/// Whether keys that differ in case only are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// They are.
    Folded,
    /// They aren't.
    Kept,
}

impl Keys {
    /// The key as it is known.
    pub fn of(self, key: &str) -> String {
        if self == Keys::Folded { key.to_lowercase() } else { key.to_owned() }
    }
}

/// Whether a key without a value is fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// It is.
    Allowed,
    /// It isn't.
    Refused,
}

/// The section whose values all others have too.
pub const DEFAULTS: &str = "DEFAULT";

/// Why a text can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its line, from 1.
    pub line: usize,
    kind: Kind,
    message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Option,
    Other,
}

impl Fault {
    fn new(line: usize, kind: Kind, message: String) -> Fault {
        Fault { line, kind, message }
    }

    /// What configparser says of a text that has this name.
    pub fn of(&self, name: &str) -> String {
        self.message.replace("<???>", name)
    }

    /// What the lookup `ini` says of a file.
    pub fn in_file(&self, file: &str) -> String {
        match self.kind {
            Kind::Option => format!("Duplicate option in '{file}': {}", self.message),
            Kind::Other => self.message.clone(),
        }
    }
}

/// Reads as Python's configparser does: `=` or `:`, comments at a line's beginning, values that go
/// on in indented lines.
pub fn read(text: &str, keys: Keys, bare: Bare) -> Result<Sections, Fault> {
    let mut sections: Sections = Vec::new();
    let mut last_indent = None;
    for (number, line) in text.lines().enumerate() {
        let body = line.trim();
        let fault = |kind, message| Fault::new(number + 1, kind, message);
        if body.is_empty() || body.starts_with(['#', ';']) {
            if let (true, Some((_, value))) =
                (body.is_empty() && last_indent.is_some(), last(&mut sections))
            {
                value.push('\n');
            }
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        if let (Some(before), Some((_, value))) = (last_indent, last(&mut sections))
            && indent > before
        {
            value.push('\n');
            value.push_str(body);
            continue;
        }
        if let Some(name) = header(body) {
            let known = sections.iter().position(|(section, _)| section == name);
            match known {
                Some(at) if name == DEFAULTS => {
                    let defaults = sections.remove(at);
                    sections.push(defaults);
                }
                Some(_) => {
                    return Err(fault(
                        Kind::Other,
                        format!(
                            "While reading from '<???>' [line {:2}]: section '{}' already exists",
                            number + 1,
                            name
                        ),
                    ));
                }
                None => sections.push((name.to_owned(), Vec::new())),
            }
            last_indent = None;
            continue;
        }
        let Some((section, entries)) = sections.last_mut() else {
            return Err(fault(
                Kind::Other,
                format!(
                    "File contains no section headers.\nfile: '<???>', line: {}\n{}",
                    number + 1,
                    crate::value::string_repr(&format!("{line}\n"))
                ),
            ));
        };
        let (key, value) = match body.find(['=', ':']) {
            Some(at) => (body[..at].trim_end(), body[at + 1..].trim_start()),
            None if bare == Bare::Allowed => (body, NO_VALUE),
            None => {
                return Err(fault(
                    Kind::Other,
                    format!(
                        "Source contains parsing errors: '<???>'\n\t[line {:2}]: {}",
                        number + 1,
                        crate::value::string_repr(&format!("{line}\n"))
                    ),
                ));
            }
        };
        let key = keys.of(key);
        if entries.iter().any(|(known, _)| *known == key) {
            return Err(fault(
                Kind::Option,
                format!(
                    "While reading from '<???>' [line {:2}]: option \
                 '{key}' in section '{section}' already exists",
                    number + 1
                ),
            ));
        }
        entries.push((key, value.to_owned()));
        last_indent = Some(indent);
    }
    for (_, entries) in &mut sections {
        for (_, value) in entries {
            value.truncate(value.trim_end().len());
        }
    }
    Ok(sections)
}

fn last(sections: &mut Sections) -> Option<&mut (String, String)> {
    sections.last_mut()?.1.last_mut()
}

/// The name of a section, if the line begins one: something must be in its brackets.
fn header(line: &str) -> Option<&str> {
    let inner = line.strip_prefix('[')?;
    inner.rfind(']').map(|end| &inner[..end]).filter(|name| !name.is_empty())
}

/// What a section knows: its own keys, then those of `[DEFAULT]`.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Its own.
    pub entries: &'a [(String, String)],
    /// The defaults.
    pub defaults: &'a [(String, String)],
}

impl<'a> Known<'a> {
    /// What the section of this name knows; None when there is none.
    pub fn of(sections: &'a Sections, name: &str) -> Option<Known<'a>> {
        let named = |wanted: &str| sections.iter().find(|(section, _)| section == wanted);
        let defaults = named(DEFAULTS).map_or(&[][..], |(_, entries)| entries);
        match named(name) {
            Some((_, entries)) => Some(Known { entries, defaults }),
            None if name == DEFAULTS => Some(Known { entries: defaults, defaults }),
            None => None,
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a str> {
        let named = |entries: &'a [(String, String)]| {
            entries.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
        };
        named(self.entries).or_else(|| named(self.defaults))
    }

    /// All keys, defaults first, as configparser lists them.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> {
        let own = |name: &str| !self.defaults.iter().any(|(known, _)| known == name);
        let keys = |entries: &'a [(String, String)]| entries.iter().map(|(name, _)| name.as_str());
        keys(self.defaults).chain(keys(self.entries).filter(move |name| own(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_configparser() {
        let text = "[a]\nK = v # no comment\n# comment\nmulti: a\n b\n\n[b]\n";
        let sections = read(text, Keys::Folded, Bare::Refused).unwrap();
        assert_eq!(sections.len(), 2);
        assert_eq!(sections[0].1[0], ("k".to_owned(), "v # no comment".to_owned()));
        assert_eq!(sections[0].1[1], ("multi".to_owned(), "a\nb".to_owned()));
        assert!(read("x = 1\n", Keys::Folded, Bare::Refused).is_err());
    }

    #[test]
    fn headers() {
        assert_eq!(header("[a] x"), Some("a"));
        assert_eq!(header("[a]b]"), Some("a]b"));
        assert_eq!((header("[]"), header("[a")), (None, None));
    }
}
