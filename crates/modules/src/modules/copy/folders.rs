//! Folders for `copy`: making those that are missing, copying whole ones on the target.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, symlink};
use std::path::{Path, PathBuf};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Content, Differences, Failure, Options, Result, Wanted, backup, paths, write};

/// A folder that was copied.
pub struct Copied {
    /// Where it is now.
    pub dest: String,
    /// Whether that changed anything.
    pub changed: bool,
}

/// Makes a folder and those above it; only those that are new get what is wanted.
pub fn make_all(folder: &Path, wanted: &Wanted, ctx: &Ctx) -> Result<()> {
    let missing: Vec<&Path> =
        folder.ancestors().take_while(|path| is_named(path) && !path.exists()).collect();
    for path in missing.into_iter().rev() {
        make(path, ctx)?;
        wanted.apply(ctx.subject(path), &mut Differences::default())?;
    }
    Ok(())
}

/// The ancestors of a relative path end in one without a name: the current folder.
fn is_named(path: &Path) -> bool {
    !path.as_os_str().is_empty()
}

fn make(path: &Path, ctx: &Ctx) -> Result<()> {
    fs::DirBuilder::new().mode(0o777 & !ctx.umask()).create(path).map_err(|e| failure(path, &e))
}

fn failure(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(errno_text(error, Some(&path.to_string_lossy())))
}

/// Copies a folder: with a slash at its end what is in it, without one itself.
pub fn copy(real: &Path, shown: &str, dest: &str, args: &Arguments, ctx: &Ctx) -> Result<Copied> {
    let target = match shown.ends_with('/') {
        true => dest.to_owned(),
        false => paths::join(dest, paths::name_of(shown)),
    };
    let to = ctx.resolve(&target);
    if to.exists() && !to.is_dir() {
        return Err(in_the_way(shown, dest));
    }
    let existed = ctx.resolve(dest).exists();
    if existed && !ctx.resolve(dest).is_dir() {
        return Err(in_the_way(shown, dest));
    }
    if !dest.ends_with('/') {
        super::place::check_folder(dest, args, ctx)?;
    }
    if !existed && !ctx.is_check() {
        let folder = if shown.ends_with('/') { to.parent() } else { Some(&*to) };
        let mode = args.value("directory_mode").cloned();
        let above = folder.and_then(Path::parent).unwrap_or(Path::new(""));
        make_all(above, &Wanted { mode, ..Wanted::default() }, ctx)?;
    }
    // A destination with a slash at its end is made before anything is copied into it, and so it
    // doesn't get the mode of the source (case module-copy-options).
    if !existed && !ctx.is_check() && dest.ends_with('/') && shown.ends_with('/') {
        let mode = args.value("directory_mode").cloned();
        make_all(&to, &Wanted { mode, ..Wanted::default() }, ctx)?;
    }
    let walk = Walk { args, ctx, owner: Wanted { mode: None, ..Wanted::from_arguments(args) } };
    let changed = walk.folder(real, &to)?;
    // Stock joins the destination with what follows the slash: nothing.
    let dest = match (existed, shown.ends_with('/')) {
        (true, true) => paths::join(dest, ""),
        (_, false) if existed || dest.ends_with('/') => target,
        _ => dest.to_owned(),
    };
    Ok(Copied { dest, changed: changed || !existed })
}

/// A folder can't take the place of a file; stock tries to, and tells what the system says.
fn in_the_way(shown: &str, dest: &str) -> Failure {
    use nafal_base::value::string_repr;
    let (from, to) = (string_repr(shown), string_repr(dest));
    let system = format!("[Errno 20] Not a directory: b{from} -> b{to}");
    Failure::raised([format!("Could not replace {to} with b{from}: {system}")])
}

struct Walk<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    owner: Wanted,
}

impl Walk<'_> {
    fn folder(&self, from: &Path, to: &Path) -> Result<bool> {
        let mut changed = false;
        // Read before anything is made: a folder may be copied into itself.
        let mut entries: Vec<PathBuf> = fs::read_dir(from)
            .map_err(|error| failure(from, &error))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        entries.sort();
        if !to.exists() {
            changed = true;
            if !self.ctx.is_check() {
                make_all(to, &Wanted::default(), self.ctx)?;
                if let Ok(metadata) = fs::metadata(from) {
                    let _ = fs::set_permissions(to, metadata.permissions());
                }
            }
        }
        changed |= self.give(to)?;
        for entry in entries {
            let name = entry.file_name().unwrap_or_default();
            changed |= self.entry(&entry, &to.join(name))?;
        }
        Ok(changed)
    }

    fn entry(&self, from: &Path, to: &Path) -> Result<bool> {
        let follows = self.args.is("local_follow");
        if from.is_symlink() && !follows {
            let target = fs::read_link(from).map_err(|error| failure(from, &error))?;
            if fs::read_link(to).is_ok_and(|present| present == target) {
                return self.give(to);
            }
            if !self.ctx.is_check() {
                let _ = fs::remove_file(to);
                symlink(&target, to).map_err(|error| failure(to, &error))?;
                self.give(to)?;
            }
            return Ok(true);
        }
        if from.is_dir() {
            return self.folder(from, to);
        }
        let same = to.is_file() && same_content(from, to).map_err(|error| failure(from, &error))?;
        if same || (to.exists() && !self.args.is("force")) {
            return self.give(to);
        }
        if !self.ctx.is_check() {
            self.file(from, to)?;
            self.give(to)?;
        }
        Ok(true)
    }

    fn file(&self, from: &Path, to: &Path) -> Result<()> {
        if self.args.is("backup") {
            backup::backup(to)?;
        }
        let is_new = !to.exists();
        let options = Options { ceiling: Some(0o600), ..self.ctx.write_options(self.args) };
        write(to, Content::CopyOf(from), &options)?;
        if is_new {
            let metadata = fs::metadata(from).map_err(|error| failure(from, &error))?;
            fs::set_permissions(to, metadata.permissions()).map_err(|e| failure(to, &e))?;
            if let (Ok(file), Ok(accessed), Ok(modified)) =
                (fs::File::options().write(true).open(to), metadata.accessed(), metadata.modified())
            {
                let times = fs::FileTimes::new().set_accessed(accessed).set_modified(modified);
                let _ = file.set_times(times);
            }
        }
        Ok(())
    }

    /// Owner and group go to everything below.
    fn give(&self, path: &Path) -> Result<bool> {
        if path.symlink_metadata().is_err() {
            return Ok(false);
        }
        self.owner.apply(self.ctx.subject(path), &mut Differences::default())
    }
}

fn same_content(a: &Path, b: &Path) -> std::io::Result<bool> {
    if fs::metadata(a)?.len() != fs::metadata(b)?.len() {
        return Ok(false);
    }
    let sum = |path| crate::files::digest::of_file("sha1", path);
    Ok(sum(a)? == sum(b)?)
}
