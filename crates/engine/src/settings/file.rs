//! ansible.cfg: where it is, and what its sections say.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nafal_base::{Source, Span};

use crate::error::Error;
use crate::library::tidy;

/// A read ansible.cfg.
#[derive(Clone, Debug, Default)]
pub struct ConfigFile {
    /// Where it is; None when there is none.
    pub path: Option<PathBuf>,
    entries: Vec<(String, String, String)>,
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
        let text = std::fs::read_to_string(path).map_err(|error| Error::ReadFile {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        let source = Source::new(path.display().to_string(), text);
        let entries = parse(&source)?;
        Ok(ConfigFile { path: Some(path.to_owned()), entries })
    }

    /// The value of a key in a section.
    pub fn get(&self, section: &str, key: &str) -> Option<&str> {
        self.entries
            .iter()
            .rev()
            .find(|(own, name, _)| own == section && name == key)
            .map(|(_, _, value)| value.as_str())
    }
}

/// What Python's configparser makes of it: continuation lines are indented, `;` after a space
/// starts a comment.
fn parse(source: &Arc<Source>) -> Result<Vec<(String, String, String)>, Error> {
    let mut entries: Vec<(String, String, String)> = Vec::new();
    let mut section: Option<String> = None;
    for (index, line) in source.text.lines().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t'])
            && let Some((_, _, value)) = entries.last_mut()
        {
            value.push('\n');
            value.push_str(trimmed);
            continue;
        }
        let bad = |message: &str| Error::BadConfig {
            message: message.to_owned(),
            span: Span::new(source, number, 1),
        };
        if let Some(rest) = trimmed.strip_prefix('[') {
            let name =
                rest.split_once(']').ok_or_else(|| bad("a section has no closing bracket"))?;
            section = Some(name.0.trim().to_owned());
            continue;
        }
        let Some(section) = &section else {
            return Err(bad("File contains no section headers."));
        };
        let at = trimmed
            .find(['=', ':'])
            .ok_or_else(|| bad("a line is neither a section nor a setting"))?;
        let (key, value) = trimmed.split_at(at);
        let value = value.get(1..).unwrap_or_default();
        let value = value.split(" ;").next().unwrap_or_default();
        entries.push((section.clone(), key.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_continuations() {
        let text = "# x\n[defaults]\nforks = 7 ; seven\nroles_path = a:\n  b\n[ssh_connection]\nssh_args: -o A=b\n";
        let entries = parse(&Source::new("ansible.cfg", text)).unwrap();
        let file = ConfigFile { path: None, entries };
        assert_eq!(file.get("defaults", "forks"), Some("7"));
        assert_eq!(file.get("defaults", "roles_path"), Some("a:\nb"));
        assert_eq!(file.get("ssh_connection", "ssh_args"), Some("-o A=b"));
        assert!(parse(&Source::new("ansible.cfg", "forks=1\n")).is_err());
    }
}
