//! Whether users bring callbacks in Python that nobody names. Must not know nafal's own, nor how any runs.

use std::fs;
use std::path::{Path, PathBuf};

/// Whether one of these folders may have a plugin that runs though nobody asked for it: only then Python is
/// started for them.
pub fn may_listen(folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).any(|path| is_unasked(&path))
    })
}

fn is_unasked(file: &Path) -> bool {
    let Some(name) = file.file_stem().and_then(|name| name.to_str()) else { return false };
    if name == "__init__" || file.extension().is_none_or(|end| end != "py") {
        return false;
    }
    let Ok(text) = fs::read_to_string(file) else { return true };
    let says = |key: &str, value: &str| {
        text.lines().any(|line| {
            let line: String = line.split_whitespace().collect();
            line.split_once('=').is_some_and(|(own, rest)| own == key && rest.starts_with(value))
        })
    };
    let waits = says("CALLBACK_NEEDS_ENABLED", "True") || says("CALLBACK_NEEDS_WHITELIST", "True");
    let shows = says("CALLBACK_TYPE", "'stdout'") || says("CALLBACK_TYPE", "\"stdout\"");
    !shows && !waits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_stock_would_run() {
        let check = |name: &str, text: &str, expected: bool| {
            let folder = tempfile::tempdir().unwrap();
            let text = format!("class CallbackModule(CallbackBase):\n{text}");
            fs::write(folder.path().join(name), text).unwrap();
            assert_eq!(may_listen(&[folder.path().to_owned()]), expected, "{name}");
        };
        check("plain.py", "    CALLBACK_TYPE = 'notification'\n", true);
        check("waits.py", "    CALLBACK_NEEDS_ENABLED = True\n", false);
        check("wanted.py", "    CALLBACK_NEEDS_WHITELIST=True\n", false);
        check("shows.py", "    CALLBACK_TYPE = \"stdout\"\n", false);
        check("readme.txt", "", false);
        check("__init__.py", "", false);
    }
}
