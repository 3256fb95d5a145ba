//! `stat`: what a file is. Must not change anything.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nafal_base::{Dict, Outcome, Value, system_words};
use rustix::fs::Access;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result, digest, flags, labels, metadata, owner, paths, tools};
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
        Err(error) => return Err(Failure::new(system_words(&error)).because(&error, shown)),
    };
    let mut stat = Dict::new();
    stat.insert("exists", true.into());
    stat.insert("path", shown.into());
    metadata::add_kind(&mut stat, &metadata);
    metadata::add_numbers(&mut stat, &metadata);
    metadata::add_permissions(&mut stat, &metadata);
    metadata::add_blocks(&mut stat, &metadata);
    stat.insert("block_size", metadata.blksize().into());
    stat.insert("device_type", metadata.rdev().into());
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
