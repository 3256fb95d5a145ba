//! A home folder that is missing. Must not know accounts' other sides.

use std::fs::{self, FileTimes, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, lchown, symlink};
use std::path::Path;

use super::account::Account;
use crate::files::failure::errno_text;
use crate::files::owner::User;
use crate::files::{Failure, Result};

/// Where the parent of a home is missing, which `useradd` doesn't make, the home is made before it;
/// says whether it was.
pub fn make_before(account: &Account<'_>) -> Result<bool> {
    let Some(home) = account.args.text("home") else {
        return Ok(false);
    };
    let path = account.ctx.resolve(home);
    let parent = path.parent().unwrap_or(&path);
    if !home.starts_with('/') || parent.is_dir() || account.ctx.is_check() {
        return Ok(false);
    }
    make(account, &path).map(|()| true)
}

/// Makes a home as `useradd` does: what new homes have, with their permissions.
pub fn make(account: &Account<'_>, home: &Path) -> Result<()> {
    let skeleton = account.args.text("skeleton").unwrap_or("/etc/skel");
    let skeleton = account.ctx.resolve(skeleton);
    let made = if skeleton.is_dir() {
        home.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| copy(&skeleton, home))
    } else {
        fs::create_dir_all(home)
    };
    made.and_then(|()| fs::set_permissions(home, Permissions::from_mode(mode_of_homes())))
        .map_err(|error| Failure::new(errno_text(&error, Some(&home.to_string_lossy()))))
}

/// Gives a home and all in it to its user.
pub fn give(user: &User, home: &Path) -> Result<()> {
    give_all(user, home)
        .map_err(|error| Failure::new(errno_text(&error, Some(&home.to_string_lossy()))))
}

fn give_all(user: &User, path: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    // Links stay whose they are, as with stock, which gives away what they lead to instead: that
    // may be anything, so it stays, too.
    if metadata.is_symlink() {
        return Ok(());
    }
    lchown(path, Some(user.uid), Some(user.gid))?;
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            give_all(user, &entry?.path())?;
        }
    }
    Ok(())
}

/// Copies a folder with links, permissions and times.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_symlink() {
            symlink(fs::read_link(&source)?, &target)?;
        } else if kind.is_dir() {
            copy(&source, &target)?;
        } else {
            fs::copy(&source, &target)?;
            keep_times(&source, &target)?;
        }
    }
    fs::set_permissions(to, fs::metadata(from)?.permissions())?;
    keep_times(from, to)
}

fn keep_times(from: &Path, to: &Path) -> io::Result<()> {
    let old = fs::metadata(from)?;
    let times = FileTimes::new().set_accessed(old.accessed()?).set_modified(old.modified()?);
    fs::File::open(to)?.set_times(times)
}

/// What /etc/login.defs gives new homes.
fn mode_of_homes() -> u32 {
    mode_from(&fs::read_to_string("/etc/login.defs").unwrap_or_default())
}

fn mode_from(settings: &str) -> u32 {
    let setting = |name: &str| {
        settings.lines().find_map(|line| {
            let mut words = line.split_whitespace();
            let value = words.next().filter(|word| *word == name).and_then(|_| words.next())?;
            u32::from_str_radix(value, 8).ok()
        })
    };
    setting("HOME_MODE").unwrap_or_else(|| 0o777 & !setting("UMASK").unwrap_or(0o022))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_of_homes() {
        assert_eq!(mode_from(""), 0o755);
        assert_eq!(mode_from("# UMASK 077\nUMASK\t\t027\n"), 0o750);
        assert_eq!(mode_from("UMASK 022\nHOME_MODE 0700\n"), 0o700);
    }

    #[test]
    fn copied_with_links_and_times() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("skel"), folder.path().join("home"));
        fs::create_dir_all(from.join("in")).unwrap();
        fs::write(from.join("in/a"), "x").unwrap();
        symlink("in/a", from.join("link")).unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(fs::read_link(to.join("link")).unwrap(), Path::new("in/a"));
        let modified = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        assert_eq!(modified(&from.join("in/a")), modified(&to.join("in/a")));
    }
}
