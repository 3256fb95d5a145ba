//! What is loaded after each boot: the files of /etc/modules-load.d and /etc/modprobe.d. Must not know the kernel.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use nafal_base::charset::Charset;

use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Content, Failure, Result, WriteError, paths, staged};

/// Which modules are loaded.
const LOAD: &str = "/etc/modules-load.d";
/// What they are given.
const OPTIONS: &str = "/etc/modprobe.d";

/// One module's lines.
#[derive(Clone, Copy, Debug)]
pub struct Boot<'a> {
    /// The run's surroundings.
    pub ctx: &'a Ctx,
    /// The module.
    pub name: &'a str,
}

impl Boot<'_> {
    /// Has the module loaded with these parameters; says whether that is a change.
    pub fn add(&self, parameters: &str) -> Result<bool> {
        let is_loaded = self.says(LOAD, |line| loads(line, self.name).then_some(()))?;
        let adds = is_loaded.is_empty();
        if adds {
            self.write(LOAD, &format!("{}\n", self.name))?;
        }
        let present = self.says(OPTIONS, |line| parameter(line, self.name).map(str::to_owned))?;
        let present: BTreeSet<&str> = present.iter().map(String::as_str).collect();
        let wanted: Vec<&str> = parameters.split_whitespace().collect();
        if present == wanted.iter().copied().collect() {
            return Ok(adds);
        }
        self.comment(OPTIONS, |line| parameter(line, self.name).is_some())?;
        let lines: Vec<String> =
            wanted.iter().map(|word| format!("options {} {word}", self.name)).collect();
        self.write(OPTIONS, &format!("{}\n", lines.join("\n")))?;
        Ok(true)
    }

    /// Makes comments of what loads it and of its parameters.
    pub fn remove(&self) -> Result<bool> {
        let loaded = self.comment(LOAD, |line| loads(line, self.name))?;
        let given = self.comment(OPTIONS, |line| parameter(line, self.name).is_some())?;
        Ok(loaded || given)
    }

    /// What the lines of a folder's files say.
    fn says<T>(&self, folder: &str, of_line: impl Fn(&str) -> Option<T>) -> Result<Vec<T>> {
        let mut found = Vec::new();
        for file in files(folder) {
            found.extend(read(&file)?.split_terminator('\n').filter_map(&of_line));
        }
        Ok(found)
    }

    /// Makes comments of lines. Stock's module ends each line of such a file twice (case `module-modprobe`).
    fn comment(&self, folder: &str, is_meant: impl Fn(&str) -> bool) -> Result<bool> {
        let mut has_changed = false;
        for file in files(folder) {
            let text = read(&file)?;
            let is_meant = |line: &str| is_meant(line.strip_suffix('\n').unwrap_or(line));
            if !text.split_inclusive('\n').any(is_meant) {
                continue;
            }
            has_changed = true;
            let lines: Vec<String> = text
                .split_inclusive('\n')
                .map(|line| if is_meant(line) { format!("#{line}") } else { line.to_owned() })
                .collect();
            self.replace(&file, &lines.join("\n"))?;
        }
        Ok(has_changed)
    }

    fn write(&self, folder: &str, text: &str) -> Result<()> {
        self.replace(&Path::new(folder).join(format!("{}.conf", self.name)), text)
    }

    fn replace(&self, file: &Path, text: &str) -> Result<()> {
        if self.ctx.is_check() {
            return Ok(());
        }
        let content = Content::Bytes(text.as_bytes());
        let written = staged::write(&paths::real_path(file), content, &self.ctx.plain_options());
        written.map_err(|error| match error {
            // Stock opens the file itself, and tells of that.
            WriteError::Folder { source, .. }
            | WriteError::Rename { source, .. }
            | WriteError::Replace { source, .. } => {
                Failure::raised([errno_text(&source, Some(&file.to_string_lossy()))])
            }
        })
    }
}

/// A folder's files, by name; none where there is no folder.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn read(file: &Path) -> Result<String> {
    let bytes = fs::read(file)
        .map_err(|error| Failure::raised([errno_text(&error, Some(&file.to_string_lossy()))]))?;
    Ok(Charset::Utf8.decode(&bytes)?)
}

/// What a line says before its comment, which stands behind spaces only.
fn without_comment(rest: &str) -> Option<()> {
    let rest = rest.trim_start_matches(' ');
    (rest.is_empty() || rest.starts_with(['#', ';'])).then_some(())
}

fn loads(line: &str, name: &str) -> bool {
    let rest = line.trim_start_matches(' ').strip_prefix(name);
    rest.and_then(without_comment).is_some()
}

/// The parameter that a line gives the module: only one, written as this module itself writes it.
fn parameter<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let rest = line.strip_prefix("options ")?.strip_prefix(name)?.strip_prefix(' ')?;
    let word = rest.split(' ').next()?;
    without_comment(&rest[word.len()..])?;
    let (key, value) = word.split_once('=')?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_key && !value.is_empty() && !word.contains(char::is_whitespace)).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loaded() {
        for line in ["loop", "  loop  ", "loop # with a comment", "loop;x"] {
            assert!(loads(line, "loop"), "{line}");
        }
        for line in ["#loop", ";loop", "loop2", "loop x", "\tloop"] {
            assert!(!loads(line, "loop"), "{line}");
        }
    }

    #[test]
    fn parameters() {
        assert_eq!(parameter("options loop a=1", "loop"), Some("a=1"));
        assert_eq!(parameter("options loop a=1 # c", "loop"), Some("a=1"));
        for line in
            ["options loop a=1 b=2", " options loop a=1", "options\tloop\ta=1", "options loop x"]
        {
            assert_eq!(parameter(line, "loop"), None, "{line}");
        }
    }
}
