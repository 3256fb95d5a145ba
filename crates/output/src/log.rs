//! The log: what is shown, appended to a file with the time, the process and the user. Must not
//! know what is logged.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use jiff::Zoned;
use nafal_base::Severity;

/// The name of stock's logger, under which `log_filter` knows it.
pub const LOGGER: &str = "ansible";

/// How bad an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It isn't, or only later: a deprecation.
    Info,
    /// A warning.
    Warning,
    /// An error.
    Error,
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Level {
        match severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
            // Stock shows deprecations as it shows results (case log).
            Severity::Deprecation => Level::Info,
        }
    }
}

/// An open log.
pub struct Log {
    file: File,
    /// The process and the user, as each entry names them.
    origin: String,
}

impl Log {
    /// Opens the file, or makes it with the mode that the umask leaves.
    pub fn open(path: &Path) -> io::Result<Log> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        let origin = format!("p={} u={} n={LOGGER}", std::process::id(), user());
        Ok(Log { file, origin })
    }

    /// Appends an entry. A disk that is full is no reason to fail a run.
    pub(crate) fn write(&mut self, level: Level, text: &str) {
        let text = text.trim_start_matches('\n');
        if text.is_empty() {
            return;
        }
        let level = match level {
            Level::Info => "INFO",
            Level::Warning => "WARNING",
            Level::Error => "ERROR",
        };
        let time = Zoned::now().strftime("%Y-%m-%d %H:%M:%S,%3f").to_string();
        // In one piece: other runs may append to the same file.
        let entry = format!("{time} {} {level}| {text}\n", self.origin);
        let _ = self.file.write_all(entry.as_bytes());
    }
}

/// Who runs this, as Python's `getpass` finds it. The C library isn't asked: it can't be in a
/// static binary.
fn user() -> String {
    let named = ["LOGNAME", "USER", "LNAME", "USERNAME"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|name| !name.is_empty());
    let id = rustix::process::getuid().as_raw().to_string();
    named.unwrap_or_else(|| {
        let known = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        name_of(&id, &known).unwrap_or(id)
    })
}

fn name_of(id: &str, passwd: &str) -> Option<String> {
    let line = passwd.lines().find(|line| line.split(':').nth(2) == Some(id))?;
    line.split(':').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_appended() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        for text in ["\n\nPLAY [x] ***", "", "a\nb\n"] {
            Log::open(&path).unwrap().write(Level::Info, text);
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let parts: Vec<&str> =
            text.split('|').map(|part| part.split_once("\n2").map_or(part, |two| two.0)).collect();
        assert_eq!(parts[1..], [" PLAY [x] ***", " a\nb\n\n"]);
        assert!(parts[0].ends_with(" n=ansible INFO"), "{text}");
    }

    #[test]
    fn names_of_users() {
        assert_eq!(name_of("7", "root:x:0:0\nlp:x:7:7:x"), Some("lp".to_owned()));
        assert_eq!(name_of("8", "root:x:0:0"), None);
    }
}
