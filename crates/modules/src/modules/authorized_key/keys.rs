//! Keys and the lines between them. Must not know where they are kept.

use super::options::KeyOptions;
use crate::files::{Failure, Result};
use crate::lines;

/// The kinds of keys that OpenSSH knows.
const KINDS: [&str; 24] = [
    "ssh-ed25519",
    "ssh-ed25519-cert-v01@openssh.com",
    "ssh-rsa",
    "ssh-rsa-cert-v01@openssh.com",
    "ssh-dss",
    "ssh-dss-cert-v01@openssh.com",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp256-cert-v01@openssh.com",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp384-cert-v01@openssh.com",
    "ecdsa-sha2-nistp521",
    "ecdsa-sha2-nistp521-cert-v01@openssh.com",
    "rsa-sha2-256",
    "rsa-sha2-256-cert-v01@openssh.com",
    "rsa-sha2-512",
    "rsa-sha2-512-cert-v01@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
    "sk-ssh-ed25519@openssh.com",
    "sk-ssh-ed25519-cert-v01@openssh.com",
    "webauthn-sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-xmss@openssh.com",
    "ssh-xmss-cert-v01@openssh.com",
    "webauthn-sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
];

/// A key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key {
    pub options: Option<KeyOptions>,
    kind: String,
    /// The key itself.
    pub blob: String,
    pub comment: String,
}

impl Key {
    /// The key that a line is; None for comments and all that has no kind of key. Spaces in options don't
    /// survive this, as in stock.
    pub fn read(line: &str) -> Result<Option<Key>> {
        let line = line.trim();
        if line.starts_with('#') {
            return Ok(None);
        }
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let Some(at) = words.iter().position(|word| KINDS.contains(word)) else {
            return Ok(None);
        };
        let Some(blob) = words.get(at + 1) else {
            // Stock's module doesn't expect a kind without a key.
            return Err(Failure::raised(["list index out of range"]));
        };
        let options = words.get(..at).unwrap_or_default().join(" ");
        Ok(Some(Key {
            options: (at > 0).then(|| KeyOptions::read(&options)),
            kind: words[at].to_owned(),
            blob: (*blob).to_owned(),
            comment: words.get(at + 2..).unwrap_or_default().join(" "),
        }))
    }

    fn line(&self) -> String {
        let options = self.options.as_ref().map(|options| format!("{} ", options.text()));
        let options = options.unwrap_or_default();
        format!("{options}{} {} {}\n", self.kind, self.blob, self.comment)
    }
}

/// A line of a file.
#[derive(Clone, Debug)]
enum Entry {
    Key(Key),
    /// A comment, a blank or what is no key.
    Other(String),
}

impl Entry {
    fn is(&self, other: &Entry) -> bool {
        match (self, other) {
            (Entry::Key(one), Entry::Key(other)) => one.blob == other.blob,
            (Entry::Other(one), Entry::Other(other)) => one == other,
            _ => false,
        }
    }
}

/// The lines of a file. Of equal ones, and of several with one key, the last stands for all, as in stock.
pub(super) struct Keys(Vec<(usize, Entry)>);

impl Keys {
    /// The lines of a text.
    pub fn read(text: &str) -> Result<Keys> {
        let mut entries: Vec<(usize, Entry)> = Vec::new();
        let text = lines::universal(text.to_owned());
        for (place, line) in text.split_terminator('\n').enumerate() {
            let entry = match Key::read(line)? {
                Some(key) => Entry::Key(key),
                None => Entry::Other(line.to_owned()),
            };
            match entries.iter_mut().find(|(_, known)| known.is(&entry)) {
                Some(known) => *known = (place, entry),
                None => entries.push((place, entry)),
            }
        }
        Ok(Keys(entries))
    }

    fn find(&self, wanted: &Key) -> Option<(usize, &Key)> {
        let mut entries = self.0.iter().enumerate();
        entries.find_map(|(index, (_, entry))| match entry {
            Entry::Key(key) if key.blob == wanted.blob => Some((index, key)),
            _ => None,
        })
    }

    /// Adds keys, and replaces those that are there in another way; says whether that changed anything.
    /// New ones are placed by how many lines there were.
    pub fn add(&mut self, new: &[Key]) -> bool {
        let count = self.0.len();
        let mut changed = false;
        for (index, key) in new.iter().enumerate() {
            match self.find(key) {
                Some((_, known)) if known == key => continue,
                Some((at, _)) => {
                    self.0.remove(at);
                }
                None => {}
            }
            self.0.push((count + index, Entry::Key(key.clone())));
            changed = true;
        }
        changed
    }

    /// Removes all lines but those of these keys.
    pub fn keep_only(&mut self, wanted: &[Key]) -> bool {
        let count = self.0.len();
        self.0.retain(|(_, entry)| match entry {
            Entry::Key(key) => wanted.iter().any(|wanted| wanted.blob == key.blob),
            Entry::Other(_) => false,
        });
        self.0.len() != count
    }

    /// Removes keys, whatever their options.
    pub fn remove(&mut self, unwanted: &[Key]) -> bool {
        let count = self.0.len();
        self.0.retain(|(_, entry)| match entry {
            Entry::Key(key) => !unwanted.iter().any(|unwanted| unwanted.blob == key.blob),
            Entry::Other(_) => true,
        });
        self.0.len() != count
    }

    /// All lines.
    pub fn text(&self) -> String {
        let mut entries: Vec<&(usize, Entry)> = self.0.iter().collect();
        entries.sort_by_key(|(place, _)| *place);
        let lines = entries.into_iter().map(|(_, entry)| match entry {
            Entry::Key(key) => key.line(),
            Entry::Other(line) => format!("{line}\n"),
        });
        lines.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(line: &str) -> Key {
        Key::read(line).unwrap().unwrap()
    }

    #[test]
    fn lines_of_keys() {
        let line = |text: &str| key(text).line();
        assert_eq!(line(" ssh-rsa\tAAAA  a  b "), "ssh-rsa AAAA a b\n");
        assert_eq!(line("no-pty,x=\"a b\" ssh-rsa AAAA"), "no-pty,x=\"a b\" ssh-rsa AAAA \n");
        assert!(Key::read("# ssh-rsa AAAA").unwrap().is_none());
        assert!(Key::read("ssh-foo AAAA").unwrap().is_none());
        assert!(Key::read("ssh-rsa").is_err());
    }

    #[test]
    fn places() {
        let after = |text: &str, new: &[&str]| {
            let mut keys = Keys::read(text).unwrap();
            let new: Vec<Key> = new.iter().map(|line| key(line)).collect();
            keys.add(&new).then(|| keys.text())
        };
        assert_eq!(after("ssh-rsa A x\r\n", &["ssh-rsa A x"]), None);
        let text = "b\n\n\nssh-rsa A \n\nc\nb\n";
        let new = after(text, &["ssh-dss Z", "ssh-dss Y"]).unwrap();
        assert_eq!(new, "ssh-rsa A \n\nssh-dss Z \nc\nssh-dss Y \nb\n");
        assert_eq!(after(text, &["ssh-rsa A x"]).unwrap(), "\nssh-rsa A x\nc\nb\n");
    }
}
