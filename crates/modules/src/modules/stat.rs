//! `stat`: what a file is. Must not change anything.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nafal_base::{Dict, Outcome, Value};
use rustix::fs::Access;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Failure, Result, digest, flags, labels, owner, paths, tools};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "stat",
        &[
            Argument::path("path").required().aliases(&["dest", "name"]),
            Argument::flag("follow", false),
            Argument::flag("get_checksum", true),
            Argument::text("checksum_algorithm")
                .or_text("sha1")
                .choices(&digest::ALGORITHMS)
                .aliases(&["checksum", "checksum_algo"]),
            Argument::flag("get_mime", true).aliases(&["mime", "mime_type", "mime-type"]),
            Argument::flag("get_attributes", true).aliases(&["attr", "attributes"]),
            Argument::flag("get_selinux_context", false),
        ],
    ),
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let shown = args.required_text("path");
    let path = ctx.resolve(shown);
    let metadata = match args.is("follow") {
        true => fs::metadata(&path),
        false => fs::symlink_metadata(&path),
    };
    let metadata = match metadata {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let stat: Dict = [("exists", Value::Bool(false))].into_iter().collect();
            return Ok(Outcome::ok().with("stat", stat));
        }
        Err(error) => return Err(Failure::new(errno_text(&error, None))),
    };
    let mut stat = Dict::new();
    stat.insert("exists", true.into());
    stat.insert("path", shown.into());
    add_metadata(&mut stat, &metadata);
    add_access(&mut stat, &path);
    if metadata.is_symlink()
        && let Ok(target) = fs::read_link(&path)
    {
        let source = fs::canonicalize(&path).unwrap_or_else(|_| paths::real_path(&path));
        stat.insert("lnk_source", source.to_string_lossy().into_owned().into());
        stat.insert("lnk_target", target.to_string_lossy().into_owned().into());
    }
    if let Some(user) = owner::user_by_id(metadata.uid()) {
        stat.insert("pw_name", user.name.into());
    }
    if let Some(group) = owner::group_by_id(metadata.gid()) {
        stat.insert("gr_name", group.name.into());
    }
    let is_readable = rustix::fs::access(&path, Access::READ_OK).is_ok();
    if metadata.is_file() && is_readable && args.is("get_checksum") {
        let algorithm = args.required_text("checksum_algorithm");
        let checksum = digest::of_file(algorithm, &path).ok();
        stat.insert("checksum", checksum.into());
    }
    if args.is("get_mime") {
        add_mime(&mut stat, &path);
    }
    if args.is("get_attributes") {
        add_flags(&mut stat, &path);
    }
    if args.is("get_selinux_context") {
        let label = labels::selinux_label(&path).filter(|_| labels::selinux_is_enabled());
        let parts = match &label {
            Some(label) => label.splitn(4, ':').map(Value::from).collect(),
            None => Value::from(vec![Value::None; 3]).as_list().cloned().unwrap_or_default(),
        };
        stat.insert("selinux_context", Value::List(parts));
    }
    Ok(Outcome::ok().with("stat", stat))
}

fn add_metadata(stat: &mut Dict, metadata: &Metadata) {
    let bits = metadata.mode();
    let kind = bits & 0o170_000;
    // Unlike elsewhere, without a zero before the sticky bit.
    stat.insert("mode", format!("{:04o}", bits & 0o7777).into());
    let kinds = [
        ("isdir", 0o040_000),
        ("ischr", 0o020_000),
        ("isblk", 0o060_000),
        ("isreg", 0o100_000),
        ("isfifo", 0o010_000),
        ("islnk", 0o120_000),
        ("issock", 0o140_000),
    ];
    for (name, value) in kinds {
        stat.insert(name, (kind == value).into());
    }
    stat.insert("uid", metadata.uid().into());
    stat.insert("gid", metadata.gid().into());
    stat.insert("size", metadata.size().into());
    stat.insert("inode", metadata.ino().into());
    stat.insert("dev", metadata.dev().into());
    stat.insert("nlink", metadata.nlink().into());
    stat.insert("atime", seconds(metadata.atime(), metadata.atime_nsec()).into());
    stat.insert("mtime", seconds(metadata.mtime(), metadata.mtime_nsec()).into());
    stat.insert("ctime", seconds(metadata.ctime(), metadata.ctime_nsec()).into());
    let permissions = [
        ("wusr", 0o200),
        ("rusr", 0o400),
        ("xusr", 0o100),
        ("wgrp", 0o020),
        ("rgrp", 0o040),
        ("xgrp", 0o010),
        ("woth", 0o002),
        ("roth", 0o004),
        ("xoth", 0o001),
        ("isuid", 0o4000),
        ("isgid", 0o2000),
    ];
    for (name, bit) in permissions {
        stat.insert(name, (bits & bit != 0).into());
    }
    stat.insert("blocks", metadata.blocks().into());
    stat.insert("disk_usage_bytes", (metadata.blocks() * 512).into());
    stat.insert("block_size", metadata.blksize().into());
    stat.insert("device_type", metadata.rdev().into());
}

/// Seconds as Python's `st_mtime` has them.
pub(super) fn seconds(whole: i64, nanoseconds: i64) -> f64 {
    whole as f64 + 1e-9 * nanoseconds as f64
}

fn add_access(stat: &mut Dict, path: &Path) {
    let kinds = [
        ("readable", Access::READ_OK),
        ("writeable", Access::WRITE_OK),
        ("executable", Access::EXEC_OK),
    ];
    for (name, access) in kinds {
        stat.insert(name, rustix::fs::access(path, access).is_ok().into());
    }
}

/// What the command `file` says; a target without it doesn't know.
fn add_mime(stat: &mut Dict, path: &Path) {
    let mut found = ("unknown".to_owned(), "unknown".to_owned());
    let args = ["--mime-type".as_ref(), "--mime-encoding".as_ref(), path.as_os_str()];
    if let Some(gave) = tools::run("file", &args)
        && gave.code == 0
        && let Some((_, said)) = gave.stdout.rsplit_once(':')
        && let Some((kind, charset)) = said.split_once(';')
    {
        let charset = charset.rsplit('=').next().unwrap_or_default();
        found = (kind.trim().to_owned(), charset.trim().to_owned());
    }
    stat.insert("mimetype", found.0.into());
    stat.insert("charset", found.1.into());
}

fn add_flags(stat: &mut Dict, path: &Path) {
    let found = flags::of(path);
    if let Some(found) = &found {
        stat.insert("version", found.version.as_str().into());
    } else {
        stat.insert("version", Value::None);
    }
    let names = found.as_ref().map(flags::Flags::long_names).unwrap_or_default();
    stat.insert("attributes", names.into());
    stat.insert("attr_flags", found.map(|found| found.names).unwrap_or_default().into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_links_and_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("f");
        fs::write(&file, "abc").unwrap();
        std::os::unix::fs::symlink("f", folder.path().join("l")).unwrap();
        let ctx = Ctx::plain("stat", Default::default());
        let stat = |name: &str| {
            let path = folder.path().join(name).to_string_lossy().into_owned();
            let args: Dict = [("path", path.into()), ("mime", false.into())].into_iter().collect();
            let outcome = MODULE.run(&args, &ctx);
            outcome.values.get("stat").and_then(Value::as_dict).cloned().unwrap()
        };
        let found = stat("f");
        assert_eq!(found.get("checksum").unwrap().as_str(), Some(&*digest::sha1_of(b"abc")));
        assert_eq!(found.get("size"), Some(&Value::Int(3)));
        assert!(found.get("mimetype").is_none());
        assert_eq!(stat("l").get("lnk_target").unwrap().as_str(), Some("f"));
        assert_eq!(stat("nothing").len(), 1);
    }
}
