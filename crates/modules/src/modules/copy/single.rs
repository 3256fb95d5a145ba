//! `copy` of something that is on the target: what the controller uploaded, or with `remote_src`
//! a file or folder that was there before.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nafal_base::{Outcome, Value};

use super::{folders, place};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_bytes;
use crate::files::{
    Content, Differences, FILE_ARGUMENTS, Failure, Result, Wanted, attributes, difference, digest,
    mode, paths,
};
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        shared: FILE_ARGUMENTS,
        ..Spec::new(
            "copy",
            &[
                Argument::path("src"),
                Argument::text("_original_basename"),
                Argument::text("content").hidden(),
                Argument::path("dest").required(),
                Argument::flag("backup", false),
                Argument::flag("force", true),
                Argument::text("validate"),
                Argument::new("directory_mode", Kind::Raw),
                Argument::flag("remote_src", false),
                Argument::new("local_follow", Kind::Bool),
                Argument::text("checksum"),
                Argument::flag("follow", false),
                // Ours: the upload is a temporary file, which may be moved instead of copied.
                Argument::flag("_nafal_move", false),
                // Ours: a diff is wanted, and what it calls the new side.
                Argument::text("_nafal_diff_header"),
            ],
        )
    },
    run,
};

/// What is copied.
struct Source<'a> {
    shown: &'a str,
    real: std::path::PathBuf,
    checksum: Option<String>,
    md5: Option<String>,
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let source = examine(args, ctx)?;
    let mut wanted = Wanted::from_arguments(args);
    if wanted.mode.as_ref().and_then(Value::as_str) == Some("preserve") {
        let metadata = fs::metadata(&source.real).map_err(|e| Failure::new(e.to_string()))?;
        wanted.mode = Some(mode::mode_text(metadata.mode()).into());
    }
    let is_folder = source.real.is_dir();
    let mut changed = false;
    let mut dest = place::named(args.required_text("dest"));
    if !is_folder && dest.ends_with('/') {
        dest = paths::join(&dest, &name_for(args, source.shown));
        if let Some(early) = make_folders(&dest, &source, args, ctx)? {
            return Ok(early);
        }
    }
    if !is_folder && ctx.resolve(&dest).is_dir() {
        dest = paths::join(&dest, &name_for(args, source.shown));
    }
    let real = ctx.resolve(&dest);
    if is_folder {
        // A folder's mode is that of folders; files keep theirs.
        wanted.mode = args.value("directory_mode").cloned();
        let copied = folders::copy(&source.real, source.shown, &dest, args, ctx)?;
        return finish(args, ctx, &source, (copied.dest, copied.changed), &wanted, None);
    }
    if real.exists() {
        if args.is("follow") && real.is_symlink() {
            dest = paths::real_path(&real).to_string_lossy().into_owned();
        }
        if !args.is("force") {
            return Ok(Outcome::ok()
                .with("msg", "file already exists")
                .with("src", source.shown)
                .with("dest", dest));
        }
    }
    place::check_folder(&dest, args, ctx)?;
    let real = ctx.resolve(&dest);
    let present = (real.is_file()).then(|| digest::of_file("sha1", &real).ok()).flatten();
    let mut backup_file = None;
    let difference = difference_of(args, ctx, &source, &dest);
    if source.checksum != present || real.is_symlink() {
        if !ctx.is_check() {
            let content = match args.is("_nafal_move") {
                true => Content::MovedFrom(&source.real),
                false => Content::CopyOf(&source.real),
            };
            let existed = real.symlink_metadata().is_ok();
            backup_file = place::place(&real, content, args, &wanted, ctx)?;
            if args.is("remote_src") && existed {
                take_over(&source, &real)?;
            }
        }
        changed = true;
    }
    let outcome = finish(args, ctx, &source, (dest, changed), &wanted, backup_file)?;
    Ok(match difference.filter(|_| source.checksum != present) {
        Some(difference) => outcome.with("diff", vec![difference]),
        None => outcome,
    })
}

/// A file of the target that replaces another one brings its mode along, and belongs to whoever
/// copied it. (One that replaces nothing gets the mode of any new file.)
fn take_over(source: &Source<'_>, dest: &Path) -> Result<()> {
    let failed =
        |error: std::io::Error| Failure::raised([errno_bytes(&error, &dest.to_string_lossy())]);
    let old = fs::metadata(&source.real).map_err(failed)?;
    let (uid, gid) = (rustix::process::geteuid(), rustix::process::getegid());
    let (uid, gid) = (uid.as_raw(), gid.as_raw());
    std::os::unix::fs::lchown(dest, Some(uid), Some(gid)).map_err(failed)?;
    fs::set_permissions(dest, old.permissions()).map_err(failed)
}

/// What differs in content, when the controller asks for it.
fn difference_of(args: &Arguments, ctx: &Ctx, source: &Source<'_>, dest: &str) -> Option<Value> {
    let header = args.text("_nafal_diff_header").filter(|_| ctx.wants_diff())?;
    let new = fs::read(&source.real).ok()?;
    Some(difference::of_content(ctx, &ctx.resolve(dest), &new, (dest, header)))
}

fn examine<'a>(args: &'a Arguments, ctx: &Ctx) -> Result<Source<'a>> {
    let shown = args.required_text("src");
    let real = ctx.resolve(shown);
    if !real.exists() {
        return Err(Failure::new(format!("Source {shown} not found")));
    }
    if rustix::fs::access(&real, rustix::fs::Access::READ_OK).is_err() {
        return Err(Failure::new(format!("Source {shown} not readable")));
    }
    let (mut checksum, mut md5) = (None, None);
    if real.is_file() {
        checksum = digest::of_file("sha1", &real).ok();
        md5 = digest::of_file("md5", &real).ok();
    } else if args.is("remote_src") && !real.is_dir() {
        return Err(Failure::new(format!("Cannot copy invalid source '{shown}': not a file")));
    }
    if let Some(expected) = args.text("checksum")
        && checksum.as_deref() != Some(expected)
    {
        return Err(place::mismatch(checksum.as_deref(), expected));
    }
    Ok(Source { shown, real, checksum, md5 })
}

fn name_for(args: &Arguments, source: &str) -> String {
    args.text("_original_basename").unwrap_or_else(|| paths::name_of(source)).to_owned()
}

/// Makes the folders that a destination ending in a slash needs.
fn make_folders(
    dest: &str,
    source: &Source<'_>,
    args: &Arguments,
    ctx: &Ctx,
) -> Result<Option<Outcome>> {
    let folder = paths::folder_of(dest);
    if ctx.resolve(folder).exists() {
        return Ok(None);
    }
    if ctx.is_check() {
        let message = format!("dest directory {folder} would be created");
        return Ok(Some(Outcome::changed().with("msg", message).with("src", source.shown)));
    }
    let mut wanted = Wanted::from_arguments(args);
    wanted.mode = args.value("directory_mode").cloned();
    folders::make_all(&ctx.resolve(folder), &wanted, ctx)?;
    Ok(None)
}

fn finish(
    args: &Arguments,
    ctx: &Ctx,
    source: &Source<'_>,
    (dest, mut changed): (String, bool),
    wanted: &Wanted,
    backup_file: Option<String>,
) -> Result<Outcome> {
    let real = ctx.resolve(&dest);
    let subject = if args.is("follow") { attributes::end_of_links(&real) } else { real };
    // A new folder in check mode isn't there to be looked at.
    if Path::new(&subject).symlink_metadata().is_ok() || !ctx.is_check() {
        changed |= wanted.apply(ctx.subject(&subject), &mut Differences::default())?;
    }
    let mut outcome = Outcome::ok()
        .changed_if(changed)
        .with("dest", dest)
        .with("src", source.shown)
        .with("md5sum", source.md5.clone())
        .with("checksum", source.checksum.clone());
    if let Some(name) = backup_file {
        outcome = outcome.with("backup_file", name);
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use nafal_base::Dict;

    use super::*;

    fn copy(args: &[(&str, Value)]) -> Outcome {
        let args: Dict = args.iter().map(|(key, value)| (*key, value.clone())).collect();
        MODULE.run(&args, &Ctx::plain("copy", Default::default()))
    }

    #[test]
    fn a_file_to_its_place_once() {
        let folder = tempfile::tempdir().unwrap();
        let path =
            |name: &str| Value::from(folder.path().join(name).to_string_lossy().into_owned());
        fs::write(folder.path().join("a"), "abc").unwrap();
        let args = [("src", path("a")), ("dest", path("new/sub/")), ("mode", "0600".into())];
        let first = copy(&args);
        assert!(first.changed, "{first:?}");
        assert_eq!(first.values.get("dest"), Some(&path("new/sub/a")));
        assert_eq!(first.text("mode"), Some("0600"));
        assert!(!copy(&args).changed);
        let wrong = copy(&[args[0].clone(), args[1].clone(), ("checksum", "00".into())]);
        assert!(wrong.is_failed());
    }
}
