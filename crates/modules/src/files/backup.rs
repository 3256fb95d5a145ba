//! Copies that users ask for before a file changes. Must not know modules.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::failure::{Failure, Result, errno_text};
use super::staged::{Content, Options, write};

/// Copies `path` to a name with this process and the time in it, if it exists; gives that name.
pub fn backup(path: &Path) -> Result<Option<String>> {
    if !path.exists() {
        return Ok(None);
    }
    let time = jiff::Zoned::now().strftime("%Y-%m-%d@%H:%M:%S~").to_string();
    let shown = path.display().to_string();
    let name = format!("{shown}.{}.{time}", std::process::id());
    copy_whole(path, Path::new(&name)).map_err(|error| {
        let details = errno_text(&error, Some(&shown));
        Failure::new(format!("Could not make backup of {shown} to {name}: {details}"))
    })?;
    Ok(Some(name))
}

/// A copy with the same mode, times and owner, like `cp -p`.
pub fn copy_whole(from: &Path, to: &Path) -> io::Result<()> {
    write(to, Content::CopyOf(from), &Options::default()).map_err(io::Error::other)?;
    let old = fs::metadata(from)?;
    let file = fs::File::options().write(true).open(to)?;
    // Whoever may not give files away keeps the copy.
    let _ = std::os::unix::fs::fchown(&file, Some(old.uid()), Some(old.gid()));
    file.set_permissions(old.permissions())?;
    super::labels::keep_all(from, &file)?;
    let times = fs::FileTimes::new().set_accessed(old.accessed()?).set_modified(old.modified()?);
    file.set_times(times)
}
