//! From the arguments to the result: which handler takes the archive, whether anything is to be
//! unpacked, and what the files get afterwards. Must not know what an archive's format is.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use nafal_base::{Dict, Outcome, Value};

use super::source::{self, Source};
use super::tar::{Packing, Tar};
use super::zip::Zip;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::tools::Gave;
use crate::files::{Differences, FILE_ARGUMENTS, Failure, Result, Wanted};
use crate::registry::Module;
use crate::spec::{Argument, Default, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        shared: FILE_ARGUMENTS,
        mutually_exclusive: &[&["include", "exclude"]],
        ..Spec::new("unarchive", ARGUMENTS)
    },
    run,
};

const ARGUMENTS: &[Argument] = &[
    Argument::path("src").required(),
    Argument::path("dest").required(),
    Argument::flag("remote_src", false),
    Argument::path("creates"),
    Argument::flag("list_files", false),
    Argument::flag("keep_newer", false),
    Argument::list("exclude", Kind::Str).or(Default::Texts(&[])),
    Argument::list("include", Kind::Str).or(Default::Texts(&[])),
    Argument::list("extra_opts", Kind::Str).or(Default::Texts(&[])),
    Argument::flag("validate_certs", true),
    Argument::new("io_buffer_size", Kind::Int).or(Default::Int(64 * 1024)),
    Argument::flag("copy", true),
    Argument::flag("decrypt", true),
];

/// One archive and the folder that it goes to.
pub struct Job<'a> {
    /// The module's arguments.
    pub args: &'a Arguments,
    /// Its surroundings.
    pub ctx: &'a Ctx,
    /// The archive.
    pub archive: &'a Path,
    /// The folder, as the commands are told it.
    pub folder: &'a Path,
}

impl Job<'_> {
    /// Texts of a list argument, as a command takes them.
    pub fn words(&self, name: &str) -> impl Iterator<Item = OsString> {
        self.args.texts(name).into_iter().map(OsString::from)
    }

    /// Runs a tool whose words are read here, or shown: names are not to be escaped for want of a
    /// character set.
    pub fn run(&self, argv: &[OsString]) -> Result<Gave> {
        let Some((program, rest)) = argv.split_first() else {
            return Err(Failure::new("no command to run"));
        };
        let mut command = self.ctx.command(program);
        command.args(rest).env("LC_ALL", "C.UTF-8").env("LANG", "C.UTF-8");
        self.ctx.run_prepared(command, None)
    }
}

/// Whether an archive has to be unpacked.
pub struct Verdict {
    /// Whether something isn't as in the archive.
    pub differs: bool,
    /// What, as `--diff` shows it.
    pub itemized: Option<String>,
}

/// What can deal with one kind of archive.
pub enum Handler {
    /// tar.
    Tar(Tar),
    /// unzip.
    Zip(Zip),
}

impl Handler {
    /// The first that can list the archive; nothing when only tar is left, which can't say what it
    /// would do, and nothing may be changed.
    fn find(job: &Job<'_>, shown: &str) -> Result<Option<Handler>> {
        let mut reasons: Vec<String> = Vec::new();
        let mut note = |reason: String| {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        };
        match Zip::open(job)? {
            Ok(zip) => return Ok(Some(Handler::Zip(zip))),
            Err(why) => why.into_iter().for_each(&mut note),
        }
        if job.ctx.is_check() && Tar::program(job).is_some() {
            return Ok(None);
        }
        for packing in Packing::ALL {
            match Tar::open(job, packing)? {
                Ok(tar) => return Ok(Some(Handler::Tar(tar))),
                Err(reason) => note(reason),
            }
        }
        Err(Failure::new(format!(
            "Failed to find handler for \"{shown}\". Make sure the required command to extract the file is installed.\n{}",
            reasons.join("\n")
        )))
    }

    fn name(&self) -> &'static str {
        match self {
            Handler::Tar(tar) => tar.packing.name(),
            Handler::Zip(_) => "ZipArchive",
        }
    }

    fn files(&self) -> &[String] {
        match self {
            Handler::Tar(tar) => &tar.files,
            Handler::Zip(zip) => &zip.files,
        }
    }
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let source = source::obtain(args, ctx)?;
    let dest = args.required_text("dest");
    let folder = folder(dest, ctx);
    if !folder.is_dir() {
        return Err(Failure::new(format!("Destination '{dest}' is not a directory")));
    }
    let job = Job { args, ctx, archive: source.path(), folder: &folder };
    let shown = source.path().to_string_lossy();
    let Some(mut handler) = Handler::find(&job, &shown)? else {
        let name = ctx.module_name();
        let message = format!("remote module ({name}) does not support check mode when using gtar");
        return Ok(Outcome::skipped().with("msg", message));
    };
    let told = Outcome::ok()
        .with("handler", handler.name())
        .with("dest", dest)
        .with("src", shown.as_ref());
    unpack(&job, &mut handler, told, &source)
}

/// The folder with its whole path.
fn folder(dest: &str, ctx: &Ctx) -> PathBuf {
    if dest.starts_with('/') {
        let trimmed = dest.trim_end_matches('/');
        return PathBuf::from(if trimmed.is_empty() { "/" } else { trimmed });
    }
    let whole = ctx.absolute(dest);
    let shown = whole.display();
    ctx.warn(format!(
        "Relative destination path '{dest}' was resolved to absolute path '{shown}'."
    ));
    whole
}

fn unpack(
    job: &Job<'_>,
    handler: &mut Handler,
    mut told: Outcome,
    source: &Source,
) -> Result<Outcome> {
    let verdict = match handler {
        Handler::Tar(tar) => tar.compare(job)?,
        Handler::Zip(zip) => zip.compare(job)?,
    };
    let mut changed = verdict.differs;
    if verdict.differs && !job.ctx.is_check() {
        let argv = match handler {
            Handler::Tar(tar) => tar.extraction(job),
            Handler::Zip(zip) => zip.extraction(job),
        };
        let gave = job.run(&argv)?;
        let failed = gave.code != 0;
        told = told.with("extract_results", extract_results(&argv, gave));
        if failed {
            let (from, to) = (source.path().display(), job.folder.display());
            let failure = Failure::new(format!("failed to unpack {from} to {to}"));
            return Err(told.values.iter().fold(failure, |failure, (key, value)| {
                match key.as_str() {
                    Some(key) => failure.with(key, value.clone()),
                    None => failure,
                }
            }));
        }
    }
    if let Some(itemized) = verdict.itemized.filter(|_| changed && job.ctx.wants_diff()) {
        let diff: Dict = [("prepared", Value::from(itemized))].into_iter().collect();
        told = told.with("diff", diff);
    }
    changed |= attributes(job, handler.files())?;
    if job.args.is("list_files") {
        told = told.with("files", handler.files().to_vec());
    }
    Ok(told.changed_if(changed))
}

fn extract_results(argv: &[OsString], gave: Gave) -> Dict {
    let command: Vec<Value> =
        argv.iter().map(|word| Value::from(word.to_string_lossy().into_owned())).collect();
    [
        ("cmd", Value::from(command)),
        ("rc", gave.code.into()),
        ("out", gave.stdout.into()),
        ("err", gave.stderr.into()),
    ]
    .into_iter()
    .collect()
}

/// Mode, owner and so on of everything that the archive has, and of the folders above it.
fn attributes(job: &Job<'_>, files: &[String]) -> Result<bool> {
    let wanted = Wanted::from_arguments(job.args);
    if wanted.is_nothing() {
        return Ok(false);
    }
    let mut changed = false;
    let mut apply = |name: &str| -> Result<()> {
        let path = job.folder.join(name);
        // In check mode what isn't there yet was counted as a difference before.
        if !job.ctx.is_check() || path.symlink_metadata().is_ok() {
            changed |= wanted.apply(job.ctx.subject(&path), &mut Differences::default())?;
        }
        Ok(())
    };
    let mut above: Vec<&str> = Vec::new();
    for name in files {
        apply(name)?;
        let mut rest = name.trim_end_matches('/');
        while let Some((folder, _)) = rest.rsplit_once('/') {
            if !folder.is_empty() && folder != "." && !above.contains(&folder) {
                above.push(folder);
            }
            rest = folder;
        }
    }
    for folder in above {
        apply(folder)?;
    }
    Ok(changed)
}
