//! From the arguments to the result: what goes in, whether the archive changes, and what goes afterwards. Must not know
//! how an archive is written.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nafal_base::Outcome;

use super::format::Format;
use super::listing::{self, Holds};
use super::tar::Tar;
use super::zip::Zip;
use super::{paths, tree};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::{errno_bytes, errno_text};
use crate::files::{
    Content, Differences, FILE_ARGUMENTS, Failure, Result, Wanted, WriteError, Writer, write,
};
use crate::glob;
use crate::registry::Module;
use crate::spec::{Argument, Default, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        shared: FILE_ARGUMENTS,
        ..Spec::new(
            "community.general.archive",
            &[
                Argument::list("path", Kind::Path).required(),
                Argument::text("format")
                    .or_text("gz")
                    .choices(&["bz2", "gz", "tar", "xz", "zip", "zstd"]),
                Argument::path("dest"),
                Argument::list("exclude_path", Kind::Path).or(Default::Texts(&[])),
                Argument::list("exclusion_patterns", Kind::Path),
                Argument::flag("force_archive", false),
                Argument::flag("remove", false),
            ],
        )
    },
    run,
};

/// Ends of names that mean an archive, where nobody looks into it.
const ARCHIVES: [&str; 7] = [".tar", ".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tbz2", ".zip"];

/// One run of the module.
struct Job<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    format: Format,
    /// Paths that are there.
    targets: Vec<String>,
    missing: Vec<String>,
    root: String,
    dest: String,
    holds: Holds,
}

/// Something that goes into the archive.
struct Entry {
    path: String,
    name: String,
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let expanded = paths::expanded(&args.texts("path"));
    let excluded = paths::expanded(&args.texts("exclude_path"));
    let job = Job::new(args, ctx, &expanded, &excluded)?;
    let (mut changed, mut state, mut archived) = (false, "absent", Vec::new());
    if job.targets.is_empty() {
        if job.dest().exists() {
            let is_archive = ARCHIVES.iter().any(|end| job.dest.ends_with(end));
            state = if is_archive { "archive" } else { "compress" };
        }
    } else if ctx.is_check() {
        changed = true;
    } else {
        (changed, archived) = job.make()?;
        state = match (job.holds, job.missing.is_empty()) {
            (Holds::Content, _) => "compress",
            (Holds::Entries, true) => "archive",
            (Holds::Entries, false) => "incomplete",
        };
        if args.is("remove") {
            job.remove(&archived)?;
        }
    }
    if job.dest().exists() {
        let wanted = Wanted::from_arguments(args);
        changed |= wanted.apply(ctx.subject(&job.dest()), &mut Differences::default())?;
    }
    Ok(Outcome::ok()
        .changed_if(changed)
        .with("archived", archived)
        .with("dest", job.dest.as_str())
        .with("dest_state", state)
        .with("arcroot", job.root.as_str())
        .with("missing", job.missing.clone())
        .with("expanded_paths", expanded)
        .with("expanded_exclude_paths", excluded))
}

impl<'a> Job<'a> {
    fn new(
        args: &'a Arguments,
        ctx: &'a Ctx,
        expanded: &[String],
        excluded: &[String],
    ) -> Result<Job<'a>> {
        let named = args.texts("path");
        let shown = named.join(", ");
        let name = args.required_text("format");
        let format = Format::named(name)
            .ok_or_else(|| Failure::new(format!("format {name} is not built yet in nafal")))?;
        let paths: BTreeSet<&String> =
            expanded.iter().filter(|path| !excluded.contains(path)).collect();
        let paths: Vec<String> = paths.into_iter().cloned().collect();
        if paths.is_empty() {
            return Err(Failure::new("Error, no source paths were found")
                .with("path", shown)
                .with("expanded_paths", expanded.join(", "))
                .with("expanded_exclude_paths", excluded.join(", ")));
        }
        let is_folder = |path: &str| ctx.resolve(path).is_dir();
        let are_several = paths.len() > 1
            || named.iter().any(|path| path.contains(['*', '?']))
            || paths.iter().any(|path| is_folder(path));
        let first = paths.first().map(String::as_str).unwrap_or_default();
        let dest = match args.text("dest") {
            Some(dest) => dest.to_owned(),
            None if are_several || args.is("force_archive") => {
                return Err(Failure::new(
                    "Error, must specify \"dest\" when archiving multiple files or trees",
                )
                .with("dest", "None")
                .with("path", shown));
            }
            None => format!("{first}.{name}"),
        };
        let holds_dest = |path: &&String| {
            is_folder(path) && dest.starts_with(&format!("{}/", path.trim_end_matches('/')))
        };
        if args.is("remove") && paths.iter().any(|path| holds_dest(&path)) {
            return Err(Failure::new(
                "Error, created archive can not be contained in source paths when remove=true",
            )
            .with("path", shown));
        }
        let is_archive = are_several || args.is("force_archive") || format.is_archive();
        let is_there = |path: &&String| ctx.resolve(path).symlink_metadata().is_ok();
        Ok(Job {
            root: paths::root(&paths),
            targets: paths.iter().filter(is_there).cloned().collect(),
            missing: paths.iter().filter(|path| !is_there(path)).cloned().collect(),
            holds: if is_archive { Holds::Entries } else { Holds::Content },
            args,
            ctx,
            format,
            dest,
        })
    }

    /// The archive, as the file system is asked for it.
    fn dest(&self) -> PathBuf {
        self.ctx.resolve(&self.dest)
    }

    /// Writes it: whether it is another one now, and what is told of its content.
    fn make(&self) -> Result<(bool, Vec<String>)> {
        let dest = self.dest();
        let before = listing::read(&dest, self.format, self.holds).ok();
        let entries = match self.holds {
            Holds::Entries => self.entries(),
            Holds::Content => Vec::new(),
        };
        let faults = RefCell::new(Vec::new());
        let fill = |file: &mut File| self.fill(file, &entries, &faults);
        let folder = dest.parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.is_some_and(|folder| !folder.is_dir()) {
            let error = io::Error::from_raw_os_error(rustix::io::Errno::NOENT.raw_os_error());
            return Err(Failure::raised([errno_text(&error, Some(&self.dest))]));
        }
        if dest.is_dir() {
            let error = io::Error::from_raw_os_error(rustix::io::Errno::ISDIR.raw_os_error());
            return Err(Failure::raised([errno_text(&error, None)]));
        }
        let options = self.ctx.write_options(self.args);
        let written = write(&dest, Content::By(Writer(&fill)), &options);
        written.map_err(|error| self.unwritten(error, &faults.borrow()))?;
        let after = listing::read(&dest, self.format, self.holds).ok();
        let archived = match self.holds {
            Holds::Content => self.targets.clone(),
            Holds::Entries => entries
                .iter()
                .filter(|entry| self.tells(entry))
                .map(|entry| entry.path.clone())
                .collect(),
        };
        Ok((before.is_none() || before != after, archived))
    }

    /// Of zip stock tells no folders.
    fn tells(&self, entry: &Entry) -> bool {
        self.format != Format::Zip || !self.ctx.resolve(&entry.path).is_dir()
    }

    /// What goes in, under which names.
    fn entries(&self) -> Vec<Entry> {
        let patterns = self.args.texts("exclusion_patterns");
        let own = self.dest().metadata().ok().map(|data| (data.dev(), data.ino()));
        let is_own = |path: &str| {
            let data = self.ctx.resolve(path).metadata().ok();
            own.is_some() && data.map(|data| (data.dev(), data.ino())) == own
        };
        let all = self.targets.iter().flat_map(|target| match self.ctx.resolve(target).is_dir() {
            true => tree::below(target),
            false => vec![target.clone()],
        });
        let named = all.map(|path| {
            let name =
                path.strip_prefix(&self.root).unwrap_or(&path).trim_start_matches('/').to_owned();
            Entry { path, name }
        });
        named
            .filter(|entry| !patterns.iter().any(|pattern| glob::is_like(&entry.name, pattern)))
            .filter(|entry| !is_own(&entry.path))
            .collect()
    }

    fn fill(
        &self,
        file: &mut File,
        entries: &[Entry],
        faults: &RefCell<Vec<String>>,
    ) -> io::Result<()> {
        let note = |entry: &Entry, error: io::Error| {
            let told = errno_text(&error, Some(&entry.path));
            faults.borrow_mut().push(format!("{}: {told}", entry.path));
        };
        let failed = || match faults.borrow().is_empty() {
            true => Ok(()),
            false => Err(io::Error::other("not all could be archived")),
        };
        if self.holds == Holds::Content {
            let source = self.targets.first().map(String::as_str).unwrap_or_default();
            return self.format.pack(&self.dest(), file, &|out: &mut dyn Write| {
                let noted =
                    |error: &io::Error| faults.borrow_mut().push(errno_bytes(error, source));
                let mut from = File::open(self.ctx.resolve(source)).inspect_err(noted)?;
                io::copy(&mut from, out).map(|_| ())
            });
        }
        if self.format == Format::Zip {
            let mut zip = Zip::new(file);
            for entry in entries {
                let added = zip.add(&self.ctx.resolve(&entry.path), &entry.name);
                added.unwrap_or_else(|error| note(entry, error));
            }
            failed()?;
            return zip.finish();
        }
        self.format.pack(&self.dest(), file, &|out: &mut dyn Write| {
            let mut tar = Tar::new(out);
            for entry in entries {
                let added = tar.add(&self.ctx.resolve(&entry.path), &entry.name);
                added.unwrap_or_else(|error| note(entry, error));
            }
            failed()?;
            tar.finish()
        })
    }

    fn unwritten(&self, error: WriteError, faults: &[String]) -> Failure {
        match (faults, self.holds) {
            ([], _) => error.into(),
            (faults, Holds::Entries) => {
                let faults = faults.join("; ");
                Failure::new(format!("Errors when writing archive at {}: {faults}", self.dest))
            }
            ([fault, ..], Holds::Content) => {
                let path = self.targets.first().cloned().unwrap_or_default();
                Failure::new(format!("Unable to write to compressed file: {fault}"))
                    .with("path", path)
                    .with("dest", self.dest.as_str())
            }
        }
    }

    /// Removes what was archived, then the trees that it was in.
    fn remove(&self, archived: &[String]) -> Result<()> {
        let trees = self.targets.iter().filter(|path| is_real_folder(&self.ctx.resolve(path)));
        let files = archived.iter().filter(|path| !is_real_folder(&self.ctx.resolve(path)));
        let mut kept = Vec::new();
        for path in files {
            if fs::remove_file(self.ctx.resolve(path))
                .is_err_and(|error| error.kind() != io::ErrorKind::NotFound)
            {
                kept.push(path.clone());
            }
        }
        for path in trees {
            if fs::remove_dir_all(self.ctx.resolve(path)).is_err() {
                kept.push(path.clone());
            }
        }
        if kept.is_empty() {
            return Ok(());
        }
        let failure = Failure::new("Error deleting some source files: ");
        Err(failure.with("files", kept).with("dest", self.dest.as_str()))
    }
}

fn is_real_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|data| data.is_dir())
}
