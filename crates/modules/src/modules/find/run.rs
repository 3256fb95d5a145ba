//! The walk through the folders and what is told of it.

use std::collections::HashMap;
use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nafal_base::value::string_repr;
use nafal_base::{Dict, Outcome, Value};

use super::criteria::Criteria;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Result, digest, metadata, owner, paths};
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "find",
        &[
            Argument::list("paths", Kind::Path).required().aliases(&["name", "path"]),
            Argument::list("patterns", Kind::Str)
                .or(crate::spec::Default::Texts(&[]))
                .aliases(&["pattern"]),
            Argument::list("excludes", Kind::Str).aliases(&["exclude"]),
            Argument::text("contains"),
            Argument::flag("read_whole_file", false),
            Argument::text("encoding"),
            Argument::text("file_type").or_text("file").choices(&[
                "any",
                "directory",
                "file",
                "link",
            ]),
            Argument::text("age"),
            Argument::text("age_stamp").or_text("mtime").choices(&["atime", "ctime", "mtime"]),
            Argument::text("size"),
            Argument::flag("recurse", false),
            Argument::flag("hidden", false),
            Argument::flag("follow", false),
            Argument::flag("get_checksum", false),
            Argument::text("checksum_algorithm")
                .or_text("sha1")
                .choices(&digest::ALGORITHMS)
                .aliases(&["checksum", "checksum_algo"]),
            Argument::flag("use_regex", false),
            Argument::new("depth", Kind::Int),
            Argument::new("mode", Kind::Raw),
            Argument::flag("exact_mode", true),
            Argument::new("limit", Kind::Int),
        ],
    ),
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let criteria = Criteria::new(args)?;
    let depth = match args.is("recurse") {
        true => args.int("depth").filter(|depth| *depth != 0),
        false => Some(1),
    };
    let mut search = Search {
        args,
        ctx,
        criteria,
        depth,
        limit: args.int("limit"),
        names: Names::default(),
        found: Vec::new(),
        examined: 0,
        skipped: Dict::new(),
    };
    let mut message = "All paths examined";
    for path in args.texts("paths") {
        let told = match ctx.resolve(path).is_dir() {
            true => search.path(path),
            false => Err(Stop::Fault(format!("{} is not a directory", string_repr(path)))),
        };
        match told {
            Ok(()) => {}
            Err(Stop::Limit) => {
                message = "Limit of matches reached";
                break;
            }
            Err(Stop::Fault(reason)) => {
                message = "Not all paths examined, check warnings for details";
                ctx.warn(format!("Skipped '{path}' path due to this access issue: {reason}\n"));
                search.skipped.insert(path, reason.into());
            }
        }
    }
    let matched = search.found.len();
    Ok(Outcome::ok()
        .with("files", search.found)
        .with("msg", message)
        .with("matched", matched)
        .with("examined", search.examined)
        .with("skipped_paths", search.skipped))
}

/// Why a walk ends early.
enum Stop {
    /// Enough was found.
    Limit,
    /// Something that stock gives the whole path up for.
    Fault(String),
}

struct Search<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    criteria: Criteria,
    /// How many levels are looked at.
    depth: Option<i64>,
    limit: Option<i64>,
    names: Names,
    found: Vec<Value>,
    examined: usize,
    skipped: Dict,
}

impl Search<'_> {
    fn path(&mut self, path: &str) -> Result<(), Stop> {
        let slash = if path.ends_with('/') { "" } else { "/" };
        self.folder(&format!("{path}{slash}"), 1)
    }

    /// A folder and those below it; `shown` ends in a slash. Files come before folders, both in
    /// the order of the system.
    fn folder(&mut self, shown: &str, level: i64) -> Result<(), Stop> {
        let entries = match self.entries(shown) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                let folder = shown.trim_end_matches('/');
                let told = errno_text(&error, Some(folder));
                self.skipped.insert(folder, told.into());
                return Ok(());
            }
            Err(error) => return Err(Stop::Fault(errno_text(&error, Some(shown)))),
        };
        self.examined += entries.files.len() + entries.folders.len();
        if self.depth.is_some_and(|depth| level > depth) {
            return Ok(());
        }
        for name in entries.files.iter().chain(&entries.folders) {
            self.look_at(&format!("{shown}{name}"), name)?;
        }
        if !self.args.is("recurse") {
            return Ok(());
        }
        for name in &entries.folders {
            let below = format!("{shown}{name}");
            if self.args.is("follow") || !self.ctx.resolve(&below).is_symlink() {
                self.folder(&format!("{below}/"), level + 1)?;
            }
        }
        Ok(())
    }

    fn entries(&self, shown: &str) -> io::Result<Entries> {
        let mut entries = Entries::default();
        for entry in fs::read_dir(self.ctx.resolve(shown))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            match is_folder(&entry) {
                true => entries.folders.push(name),
                false => entries.files.push(name),
            }
        }
        Ok(entries)
    }

    fn look_at(&mut self, joined: &str, name: &str) -> Result<(), Stop> {
        if name.starts_with('.') && !self.args.is("hidden") {
            return Ok(());
        }
        let shown = normal(joined);
        let real = self.ctx.resolve(&shown);
        // It may have gone in the meantime.
        let Ok(metadata) = fs::symlink_metadata(&real) else { return Ok(()) };
        let is_wanted = self.criteria.take(name, &real, &shown, &metadata).map_err(Stop::Fault)?;
        if !is_wanted {
            return Ok(());
        }
        let file = self.describe(&shown, &real, &metadata)?;
        self.found.push(file.into());
        match self.limit {
            Some(limit) if i64::try_from(self.found.len()) == Ok(limit) => Err(Stop::Limit),
            _ => Ok(()),
        }
    }

    fn describe(&mut self, shown: &str, real: &Path, found: &Metadata) -> Result<Dict, Stop> {
        let mut file = Dict::new();
        file.insert("path", shown.into());
        metadata::add_kind(&mut file, found);
        metadata::add_numbers(&mut file, found);
        file.insert("gr_name", self.names.group(found.gid()).into());
        file.insert("pw_name", self.names.user(found.uid()).into());
        metadata::add_permissions(&mut file, found);
        metadata::add_blocks(&mut file, found);
        let wants_checksum = matches!(self.args.text("file_type"), Some("file" | "any"));
        if wants_checksum && found.is_file() && self.args.is("get_checksum") {
            let algorithm = self.args.required_text("checksum_algorithm");
            let checksum = digest::of_file(algorithm, real)
                .map_err(|error| Stop::Fault(errno_text(&error, Some(shown))))?;
            file.insert("checksum", checksum.into());
        }
        Ok(file)
    }
}

#[derive(Default)]
struct Entries {
    files: Vec<String>,
    folders: Vec<String>,
}

/// Whether an entry is a folder, or a link to one.
fn is_folder(entry: &DirEntry) -> bool {
    match entry.file_type() {
        Ok(kind) if kind.is_symlink() => entry.path().is_dir(),
        Ok(kind) => kind.is_dir(),
        Err(_) => false,
    }
}

/// `os.path.normpath`.
fn normal(path: &str) -> String {
    let normal = paths::normal_path(Path::new(path));
    normal.to_string_lossy().into_owned()
}

/// Names of owners, each looked up once.
#[derive(Default)]
struct Names {
    users: HashMap<u32, String>,
    groups: HashMap<u32, String>,
}

impl Names {
    fn user(&mut self, uid: u32) -> &str {
        self.users
            .entry(uid)
            .or_insert_with(|| owner::user_by_id(uid).map(|user| user.name).unwrap_or_default())
    }

    fn group(&mut self, gid: u32) -> &str {
        self.groups
            .entry(gid)
            .or_insert_with(|| owner::group_by_id(gid).map(|group| group.name).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(args: &[(&str, Value)]) -> Outcome {
        let args: Dict = args.iter().map(|(key, value)| (*key, value.clone())).collect();
        MODULE.run(&args, &Ctx::plain("find", Default::default()))
    }

    fn names(outcome: &Outcome) -> Vec<String> {
        let files = outcome.values.get("files").and_then(Value::as_list).unwrap();
        let path =
            |file: &Value| file.as_dict().unwrap().get("path").unwrap().to_text().into_owned();
        let mut names: Vec<String> =
            files.iter().map(|file| paths::name_of(&path(file)).to_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn levels_kinds_and_limits() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        for name in ["one", "a/two", "a/b/three", ".hidden"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let path = || Value::from(folder.path().to_string_lossy().into_owned());
        assert_eq!(names(&find(&[("paths", path())])), ["one"]);
        let all = find(&[("paths", path()), ("recurse", true.into())]);
        assert_eq!(names(&all), ["one", "three", "two"]);
        assert_eq!(all.values.get("examined"), Some(&Value::Int(6)));
        let two = find(&[("paths", path()), ("recurse", true.into()), ("depth", 2.into())]);
        assert_eq!(names(&two), ["one", "two"]);
        let any = [("path", path()), ("file_type", "any".into()), ("hidden", true.into())];
        assert_eq!(names(&find(&any)), [".hidden", "a", "one"]);
        let limited = find(&[("paths", path()), ("recurse", true.into()), ("limit", 1.into())]);
        assert_eq!(limited.text("msg"), Some("Limit of matches reached"));
        assert!(find(&[("paths", path()), ("limit", 0.into())]).is_failed());
    }
}
