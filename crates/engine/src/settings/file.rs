//! ansible.cfg: where it is, and what its sections say.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nafal_base::config_parser::{Bare, DEFAULTS, Keys, Known, Sections, read};
use nafal_base::{Diagnostic, Source, Span};

use crate::error::Error;
use crate::library::tidy;

/// A read ansible.cfg.
#[derive(Clone, Debug, Default)]
pub struct ConfigFile {
    /// Where it is; None when there is none.
    pub path: Option<PathBuf>,
    /// In their order, with what they say.
    sections: Sections,
}

/// The config file that counts: `$ANSIBLE_CONFIG`, the current folder's (unless everybody may
/// write to that folder), the home's, the system's.
pub fn find_config(environment: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    if let Some(named) = environment("ANSIBLE_CONFIG") {
        let mut path = PathBuf::from(named);
        if path.is_dir() {
            path.push("ansible.cfg");
        }
        if path.is_file() {
            return Some(whole(path));
        }
    }
    let here = std::env::current_dir().ok().filter(|folder| !is_world_writable(folder));
    let home = environment("HOME").map(|home| Path::new(&home).join(".ansible.cfg"));
    [here.map(|folder| folder.join("ansible.cfg")), home, Some("/etc/ansible/ansible.cfg".into())]
        .into_iter()
        .flatten()
        .find(|path| path.is_file())
}

/// As it is told: a name alone says nothing of where it is.
fn whole(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).map_or(path, |whole| tidy(&whole))
}

fn is_world_writable(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().mode() & 0o002 != 0)
}

impl ConfigFile {
    /// Reads the file at `path`.
    pub fn read(path: &Path) -> Result<ConfigFile, Error> {
        if path.extension().is_some_and(|end| end == "yml" || end == "yaml") {
            let refused = Diagnostic::error("Unsupported configuration file type: yaml");
            return Err(Error::load(refused, 5));
        }
        let text = std::fs::read_to_string(path).map_err(|error| Error::ReadFile {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        let source = Source::new(path.display().to_string(), text);
        let sections = parse(&source, path)?;
        Ok(ConfigFile { path: Some(path.to_owned()), sections })
    }

    /// Each section with its keys.
    pub fn sections(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        let named = self.sections.iter().filter(|(name, _)| name != DEFAULTS);
        named.map(|(name, _)| {
            let keys = Known::of(&self.sections, name).map(|known| known.keys().collect());
            (name.as_str(), keys.unwrap_or_default())
        })
    }

    /// The value of a key in a section.
    pub fn get(&self, section: &str, key: &str) -> Option<&str> {
        Known::of(&self.sections, section)?.get(key)
    }
}

/// What Python's configparser makes of it, for whom `;` after a space starts a comment here.
fn parse(source: &Arc<Source>, path: &Path) -> Result<Sections, Error> {
    let text: String = source.text.lines().flat_map(|line| [uncommented(line), "\n"]).collect();
    read(&text, Keys::Folded, Bare::Refused).map_err(|fault| Error::BadConfig {
        path: path.to_owned(),
        message: fault.of("<string>"),
        span: Span::new(source, u32::try_from(fault.line).unwrap_or(u32::MAX), 1),
    })
}

fn uncommented(line: &str) -> &str {
    let mut semicolons = line.match_indices(';').map(|(at, _)| &line[..at]);
    semicolons.find(|before| before.ends_with(char::is_whitespace)).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<ConfigFile, Error> {
        let sections = parse(&Source::new("ansible.cfg", text), Path::new("ansible.cfg"))?;
        Ok(ConfigFile { path: None, sections })
    }

    #[test]
    fn sections_and_continuations() {
        let text = "# x\n[defaults]\nforks = 7 ; seven\nroles_path = a:\n  b\n[ssh_connection]\nssh_args: -o A=b\n";
        let file = parsed(text).unwrap();
        assert_eq!(file.get("defaults", "forks"), Some("7"));
        assert_eq!(file.get("defaults", "roles_path"), Some("a:\nb"));
        assert_eq!(file.get("ssh_connection", "ssh_args"), Some("-o A=b"));
        let sections: Vec<_> = file.sections().collect();
        assert_eq!(sections[1], ("ssh_connection", vec!["ssh_args"]));
    }

    #[test]
    fn what_all_sections_have() {
        let file = parsed("[DEFAULT]\nforks=3\n[defaults]\n[diff]\nforks=4\n").unwrap();
        assert_eq!(file.get("defaults", "forks"), Some("3"));
        assert_eq!(file.get("diff", "forks"), Some("4"));
        assert_eq!(file.get("galaxy", "forks"), None);
    }

    #[test]
    fn what_is_wrong() {
        let said = |text| parsed(text).unwrap_err().to_string();
        assert!(said("forks=1\n").contains("(ansible.cfg): File contains no section headers"));
        assert!(
            said("[a]\nb=1\nB=2\n")
                .ends_with("'<string>' [line  3]: option 'b' in section 'a' already exists")
        );
    }
}
