//! Callbacks in Python that users bring, and that nafal doesn't run. Must not know nafal's own.

use std::fs;
use std::path::{Path, PathBuf};

use nafal_base::Diagnostic;

/// A warning for each plugin in these folders that stock would run beside what shows the run:
/// those that needn't be enabled, and those that are.
pub fn warnings(folders: &[PathBuf], enabled: &[String]) -> Vec<Diagnostic> {
    folders
        .iter()
        .flat_map(|folder| files(folder))
        .filter_map(|file| warning(&file, enabled))
        .collect()
}

/// Whether one of these folders has a plugin of this name.
pub fn has(folders: &[PathBuf], name: &str) -> bool {
    folders.iter().any(|folder| folder.join(format!("{name}.py")).is_file())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "py")).collect();
    files.sort();
    files
}

fn warning(file: &Path, enabled: &[String]) -> Option<Diagnostic> {
    let name = file.file_stem()?.to_str()?;
    let text = fs::read_to_string(file).ok()?;
    let says = |key: &str, value: &str| {
        text.lines().any(|line| {
            let line: String = line.split_whitespace().collect();
            line.split_once('=').is_some_and(|(own, rest)| own == key && rest.starts_with(value))
        })
    };
    let waits = says("CALLBACK_NEEDS_ENABLED", "True") || says("CALLBACK_NEEDS_WHITELIST", "True");
    let shows = says("CALLBACK_TYPE", "'stdout'") || says("CALLBACK_TYPE", "\"stdout\"");
    let is_wanted = enabled.iter().any(|one| one == name);
    if name == "__init__" || !text.contains("CallbackModule") || shows || (waits && !is_wanted) {
        return None;
    }
    Some(Diagnostic::warning(format!(
        "The callback plugin '{name}' isn't run: nafal doesn't run callback plugins in Python ({})",
        file.display()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_stock_would_run() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let text = format!("class CallbackModule(CallbackBase):\n{text}");
            fs::write(folder.path().join(name), text).unwrap();
        };
        write("plain.py", "    CALLBACK_TYPE = 'notification'\n");
        write("waits.py", "    CALLBACK_NEEDS_ENABLED = True\n");
        write("wanted.py", "    CALLBACK_NEEDS_WHITELIST=True\n");
        write("shows.py", "    CALLBACK_TYPE = \"stdout\"\n");
        write("readme.txt", "");
        let found = warnings(&[folder.path().to_owned()], &["wanted".to_owned()]);
        let found: Vec<_> =
            found.iter().map(|one| one.message.split('\'').nth(1).unwrap()).collect();
        assert_eq!(found, ["plain", "wanted"]);
        assert!(has(&[folder.path().to_owned()], "shows"));
    }
}
