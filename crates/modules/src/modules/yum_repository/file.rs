//! A file of repositories. Must not know what is said of them.

use nafal_base::config_parser::{self, Bare, DEFAULTS, Keys, Sections};

use crate::files::{Failure, Result};

/// What is said of a repository: keys and values.
pub(super) type Entries = Vec<(String, String)>;

/// A file's sections. Comments aren't kept, as in stock.
#[derive(Default)]
pub(super) struct RepoFile(Sections);

impl RepoFile {
    /// Reads a text; the file's name is for complaints.
    pub fn read(shown: &str, text: &str) -> Result<RepoFile> {
        let sections = config_parser::read(text, Keys::Folded, Bare::Refused);
        sections.map(RepoFile).map_err(|fault| Failure::raised([fault.of(shown)]))
    }

    /// Says this of a repository, at the end when that is something else; tells whether it is.
    pub fn set(&mut self, name: &str, new: Entries) -> Result<bool> {
        if name == DEFAULTS {
            return Err(Failure::raised([format!("Invalid section name: '{name}'")]));
        }
        let sorted = |entries: &Entries| {
            let mut entries = entries.clone();
            entries.sort();
            entries
        };
        let known = self.0.iter().position(|(section, _)| section == name);
        if let Some(at) = known {
            if sorted(&self.0[at].1) == sorted(&new) {
                return Ok(false);
            }
            self.0.remove(at);
        }
        self.0.push((name.to_owned(), new));
        Ok(true)
    }

    /// Removes a repository; says whether it was there.
    pub fn remove(&mut self, name: &str) -> bool {
        let count = self.0.len();
        self.0.retain(|(section, _)| section != name || name == DEFAULTS);
        self.0.len() != count
    }

    /// Whether it has no repository.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|(section, _)| section == DEFAULTS)
    }

    /// As the file has it: lines that go on are indented.
    pub fn text(&self) -> String {
        let defaults = self.0.iter().filter(|(section, _)| section == DEFAULTS);
        let others = self.0.iter().filter(|(section, _)| section != DEFAULTS);
        defaults.chain(others).map(|section| written(section, "\n\t")).collect()
    }

    /// As differences show it: everything in order.
    pub fn shown(&self) -> String {
        let mut sections: Sections = self.0.clone();
        sections.retain(|(section, _)| section != DEFAULTS);
        sections.sort();
        sections
            .iter_mut()
            .map(|section| {
                section.1.sort();
                written(section, "\n")
            })
            .collect()
    }
}

fn written((name, entries): &(String, Entries), line_end: &str) -> String {
    let lines = entries.iter().map(|(key, value)| {
        let value = value.replace('\n', line_end);
        format!("{key} = {value}\n")
    });
    format!("[{name}]\n{}\n", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(value: &str) -> Entries {
        vec![("baseurl".to_owned(), value.to_owned()), ("name".to_owned(), "A".to_owned())]
    }

    #[test]
    fn repositories() {
        let text = "# c\n[a]\nname=A\nbaseurl : u\n v\n[b]\nx=1\n";
        let mut file = RepoFile::read("f", text).unwrap();
        assert!(!file.set("a", entries("u\nv")).unwrap());
        assert!(file.set("a", entries("w")).unwrap());
        assert_eq!(file.text(), "[b]\nx = 1\n\n[a]\nbaseurl = w\nname = A\n\n");
        assert!(file.remove("b") && file.remove("a") && !file.remove("a"));
        assert!(file.is_empty() && file.set("DEFAULT", Entries::new()).is_err());
    }

    #[test]
    fn lines_that_go_on() {
        let mut file = RepoFile::default();
        file.set("a", entries("u\nv")).unwrap();
        assert_eq!(file.text(), "[a]\nbaseurl = u\n\tv\nname = A\n\n");
        assert_eq!(file.shown(), "[a]\nbaseurl = u\nv\nname = A\n\n");
        let failure = RepoFile::read("/f", "[a]\nx=1\nx=2\n").err().unwrap();
        assert!(format!("{failure}").contains("While reading from '/f' [line  3]"));
    }
}
