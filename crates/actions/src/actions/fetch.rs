//! `fetch`: a file of the target comes to the controller.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use nafal_base::event::Mode;
use nafal_base::value::string_repr;
use nafal_base::{Dict, Outcome, Value, system_words};
use nafal_templating::expand_user;
use sha1::Digest;

use crate::arguments::{self, Arguments};
use crate::context::ActionContext;
use crate::effect::Performed;

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    if context.mode == Mode::Check {
        let message = "check mode not (yet) supported for this module";
        return Ok(Performed::from(Outcome::skipped().with("msg", message)));
    }
    let args = Arguments::unchecked(args);
    let source = text(&args, "src", "source")?;
    let dest = text(&args, "dest", "dest")?;
    let (Some(source), Some(dest)) = (source, dest) else {
        return Err(Performed::refused("src and dest are required"));
    };
    let flag = |name: &str, default| {
        args.get(name).map_or(default, |value| arguments::to_bool(value).unwrap_or(false))
    };
    let missing = if flag("fail_on_missing", true) { Missing::Fails } else { Missing::Ignored };
    let there = look(context, &source, missing)?;
    let place = match flag("flat", false) {
        true => flat(context, &dest, &there.path)?,
        false => by_host(context, &dest, &there.path),
    };
    if checksums(&place).is_some_and(|(sha1, _)| sha1 == there.checksum) {
        let (checksum, md5) = checksums(&place).unwrap_or_default();
        return Ok(Outcome::ok()
            .with("checksum", checksum)
            .with("dest", place.display().to_string())
            .with("file", there.path)
            .with("md5sum", md5)
            .into());
    }
    receive(context, &there.path, &place)?;
    let (checksum, md5) = checksums(&place).unwrap_or_default();
    let outcome = if flag("validate_checksum", true) && checksum != there.checksum {
        Outcome::failed("checksum mismatch")
    } else {
        Outcome::changed()
    };
    Ok(outcome
        .with("file", there.path)
        .with("md5sum", md5)
        .with("dest", place.display().to_string())
        .with("remote_md5sum", Value::None)
        .with("checksum", checksum)
        .with("remote_checksum", there.checksum)
        .into())
}

fn text(args: &Arguments, name: &str, shown: &str) -> Result<Option<String>, Performed> {
    match args.get(name) {
        None => Ok(None),
        Some(Value::Str(text)) => Ok(Some(text.to_string())),
        Some(_) => Err(Performed::refused(&format!(
            "Invalid type supplied for {shown} option, it must be a string"
        ))),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    Fails,
    Ignored,
}

/// A file of the target.
struct There {
    path: String,
    checksum: String,
}

/// What is there to be fetched.
fn look(context: &ActionContext<'_>, source: &str, missing: Missing) -> Result<There, Performed> {
    let mut module = Dict::new();
    module.insert("path", Value::from(source));
    let outcome = context.remote.run("nafal.builtin.look", module);
    let found = outcome.values.get("found").and_then(Value::as_dict);
    let Some(found) = found.filter(|_| !outcome.is_failed()) else {
        return Err(Performed::module(outcome));
    };
    let told = |key: &str| found.get(key).map(|value| value.to_text().into_owned());
    let path = told("path").unwrap_or_default();
    let is = |key: &str| found.get(key).is_some_and(Value::is_true);
    if is("isdir") {
        let message = "remote file is a directory, fetch cannot work on directories";
        return Err(match missing {
            Missing::Fails => Outcome::failed(message).into(),
            Missing::Ignored => {
                Outcome::ok().with("msg", format!("{message}, not transferring, ignored")).into()
            }
        });
    }
    match (told("checksum"), told("barred")) {
        (Some(checksum), _) => Ok(There { path, checksum }),
        (None, Some(why)) if !is_other(context) => Err(barred(&path, &why, missing)),
        (None, _) => Err(not_fetched(&path, told("fault"), missing)),
    }
}

/// Whether the task becomes somebody.
fn is_other(context: &ActionContext<'_>) -> bool {
    context.remote.target().is_ok_and(|target| target.becomes().is_some())
}

/// Whether there is something can't be told. Stock only looks first where the task becomes nobody.
fn barred(path: &str, why: &str, missing: Missing) -> Performed {
    let told = format!("Failed to get information on remote file ({path}): {why}");
    match missing {
        Missing::Fails => Outcome::failed(told.as_str()).with("file", path).into(),
        Missing::Ignored => {
            Outcome::ok().with("file", path).with("msg", format!("{told}, ignored")).into()
        }
    }
}

/// Nothing is there, or nothing that one may read.
fn not_fetched(path: &str, fault: Option<String>, missing: Missing) -> Performed {
    let ignored = "the remote file does not exist, not transferring, ignored";
    match (missing, fault) {
        (Missing::Ignored, None) => Outcome::ok().with("file", path).with("msg", ignored).into(),
        (Missing::Ignored, Some(_)) => Outcome::ok().with("file", path).into(),
        (Missing::Fails, None) => {
            let told = format!("File not found: {path}");
            let system = format!("[Errno 2] No such file or directory: {}", string_repr(path));
            raised(ignored, told.trim_end(), &system)
        }
        (Missing::Fails, Some(fault)) => {
            let told = format!("File is not readable: {path}");
            raised(&told.clone(), &told, &fault)
        }
    }
}

/// A failure whose words above the result are those of the module that stock reads with.
fn raised(message: &str, told: &str, system: &str) -> Performed {
    let mut performed = Performed::raised(format!("Module failed: {told}: {system}"), None, None);
    performed.outcome = Outcome::failed(message);
    performed
}

/// A path of the controller: relative ones start at the playbook's folder.
fn local(context: &ActionContext<'_>, path: &str) -> PathBuf {
    context.effects.current_folder().join(expand_user(context.effects, path))
}

fn flat(context: &ActionContext<'_>, dest: &str, source: &str) -> Result<PathBuf, Performed> {
    let place = local(context, dest);
    if dest.ends_with('/') {
        let name = source.rsplit('/').next().unwrap_or_default();
        let inside = normal(&place.join(name));
        if inside.is_dir() {
            return Err(Performed::refused(&format!(
                "calculated dest '{dest}{name}' is an existing directory, use another path that does not point to an existing directory"
            )));
        }
        return Ok(inside);
    }
    if place.is_dir() {
        return Err(Performed::refused(
            "dest is an existing directory, use a trailing slash if you want to fetch src into that directory",
        ));
    }
    Ok(normal(&place))
}

fn by_host(context: &ActionContext<'_>, dest: &str, source: &str) -> PathBuf {
    let host = context.scope.get("inventory_hostname");
    let host = match &host {
        Some(Value::Str(name)) => name.to_string(),
        _ => context.host.to_string(),
    };
    normal(&local(context, &format!("{dest}/{host}/{source}")))
}

/// `os.path.normpath`.
pub(crate) fn normal(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// Both checksums of a file here.
fn checksums(path: &Path) -> Option<(String, String)> {
    let mut file = std::fs::File::open(path).ok()?;
    let mut sums = Sums { sha1: sha1::Sha1::new(), md5: md5::Md5::new() };
    std::io::copy(&mut file, &mut sums).ok()?;
    Some((hex::encode(sums.sha1.finalize()), hex::encode(sums.md5.finalize())))
}

struct Sums {
    sha1: sha1::Sha1,
    md5: md5::Md5,
}

impl Write for Sums {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.sha1.update(bytes);
        self.md5.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Brings the file here: whole, or not at all.
pub(crate) fn receive(
    context: &ActionContext<'_>,
    source: &str,
    place: &Path,
) -> Result<(), Performed> {
    let shown = place.display().to_string();
    let failed = |error: std::io::Error| {
        let text = system_words(&error);
        let number = error.raw_os_error().unwrap_or_default();
        let message = format!(
            "Failed to transfer file to {}: [Errno {number}] {text}: b{}",
            string_repr(&shown),
            string_repr(&shown)
        );
        Performed::raised(message, None, None)
    };
    let folder = place.parent().unwrap_or(Path::new("/"));
    if !folder.exists() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let (mut file, waiting) = waiting_in(folder).map_err(failed)?;
    context.remote.get(source, &mut file).map_err(Performed::from)?;
    file.sync_all().map_err(failed)?;
    if let Ok(present) = std::fs::metadata(place) {
        file.set_permissions(present.permissions()).map_err(failed)?;
    }
    waiting.persist(place).map_err(|error| failed(error.error))
}

/// A new file that goes unless it is kept. Opened by us: `tempfile` hides the system's numbers.
fn waiting_in(folder: &Path) -> std::io::Result<(std::fs::File, tempfile::TempPath)> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = folder.join(format!(".ansible_tmp{}-{number}", std::process::id()));
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&path)?;
    Ok((file, tempfile::TempPath::try_from_path(path)?))
}
