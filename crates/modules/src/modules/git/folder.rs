//! Where the repository of a checkout is, and moving it. Must not run git.

use std::fs;
use std::path::{Path, PathBuf};

use super::settings::Settings;
use crate::files::failure::errno_text;
use crate::files::{Content, Failure, Options, Result, write};

/// The repository's folder: the checkout itself when it is bare, what `.git` is, or what it names.
pub fn repository(dest: &Path, settings: &Settings<'_>) -> PathBuf {
    if settings.is_bare() {
        return dest.to_owned();
    }
    let below = dest.join(".git");
    let named = below.is_file().then(|| fs::read_to_string(&below).ok()).flatten();
    match named.as_deref().and_then(|text| text.trim().strip_prefix("gitdir:")) {
        Some(path) => dest.join(path.trim()),
        None => below,
    }
}

/// Whether there is a repository.
pub fn is_there(repository: &Path) -> bool {
    repository.join("config").exists()
}

/// Puts the repository elsewhere, and says in the checkout where it is.
pub fn relocate(dest: &Path, from: &Path, to: &Path, options: &Options<'_>) -> Result<()> {
    if to.exists() {
        let shown = to.display();
        return Err(Failure::new(format!("Separate-git-dir path {shown} already exists.")));
    }
    let failed = |error: std::io::Error| {
        let (from, to) = (from.display(), to.display());
        let why = errno_text(&error, None);
        Failure::new(format!("Unable to move git dir from {from} to {to}: {why}"))
    };
    fs::rename(from, to).map_err(failed)?;
    let text = format!("gitdir: {}", to.display());
    write(&dest.join(".git"), Content::Bytes(text.as_bytes()), options).map_err(|error| {
        // The checkout must find its repository again.
        let _ = fs::rename(to, from);
        Failure::from(error)
    })
}
