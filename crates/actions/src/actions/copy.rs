//! `copy`: a file, a folder or given content to a path on the target. `remote_src` is the
//! module's alone.

use std::path::{Path, PathBuf};

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Outcome, Status, Value};

use crate::arguments::{Arguments, Flag};
use crate::context::ActionContext;
use crate::effect::Performed;
use crate::payload::{self, Payload};

const SUPPORTED: &[&str] = &[
    "_original_basename",
    "attributes",
    "attr",
    "backup",
    "checksum",
    "content",
    "decrypt",
    "dest",
    "directory_mode",
    "follow",
    "force",
    "group",
    "local_follow",
    "mode",
    "owner",
    "remote_src",
    "selevel",
    "serole",
    "setype",
    "seuser",
    "src",
    "unsafe_writes",
    "validate",
    "thirsty",
];

const CONTENT_TO_FOLDER: &str = "can not use content with a dir as dest";

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn fail(message: impl Into<Box<str>>) -> Performed {
    Outcome::failed(message).into()
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    let is_known = args.keys().filter_map(|key| key.as_str()).all(|key| SUPPORTED.contains(&key));
    let args = Arguments::unchecked(args);
    let source = args.text("src");
    let content = args.get("content").cloned();
    let Some(dest) = args.text("dest") else { return Err(fail("dest is required")) };
    if source.is_none() && content.is_none() {
        return Err(fail("src (or content) is required"));
    }
    if source.is_some() && content.is_some() {
        return Err(fail("src and content are mutually exclusive"));
    }
    if content.is_some() && dest.ends_with('/') {
        return Err(fail(CONTENT_TO_FOLDER));
    }
    if args.flag("remote_src", Flag::Off)? {
        let outcome = context.remote.run("ansible.builtin.copy", args.into_dict());
        return Ok(Performed::module(outcome));
    }
    if let Some(content) = content {
        let text = match &content {
            Value::Str(text) => text.to_string(),
            Value::Dict(_) | Value::List(_) => to_json(&content, Style::LINE),
            other => other.to_text().into_owned(),
        };
        let module = module_arguments(args.into_dict(), None);
        if !is_known {
            return Ok(refusal(context, text.as_bytes(), module));
        }
        let payload = Payload { bytes: text.as_bytes(), basename: "", shown_source: None };
        let outcome = payload::write(context, &payload, module);
        // The module looks where it writes; stock asks before it sends, so it's the action's word.
        if outcome.is_failed() && outcome.text("msg") == Some(CONTENT_TO_FOLDER) {
            return Err(fail(CONTENT_TO_FOLDER));
        }
        return Ok(Performed::module(outcome));
    }
    let source = source.unwrap_or_else(|| nafal_base::Text::new(""));
    let found = context.effects.find(&["files"], &source);
    let Some(path) = found else {
        return Err(unreadable(&not_found(context, "files", &source)));
    };
    if !is_known && !path.is_dir() {
        let bytes = context.effects.read(&path).unwrap_or_default();
        return Ok(refusal(context, &bytes, module_arguments(args.into_dict(), None)));
    }
    if path.is_dir() {
        return folder(context, &path, &source, args.into_dict());
    }
    one_file(context, &path, args.into_dict())
}

/// Arguments that nobody knows are refused by the module, after stock has taken the checksum of
/// what it would have sent.
fn refusal(context: &ActionContext<'_>, bytes: &[u8], module: Dict) -> Performed {
    use sha1::Digest;
    let checksum: String =
        sha1::Sha1::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let outcome = context.remote.run("ansible.legacy.copy", module);
    Performed::module(outcome.with("checksum", checksum))
}

/// Stock's own exception, with its hint.
fn unreadable(message: &str) -> Performed {
    let full = format!("Unexpected AnsibleActionFail error: {message}");
    let hint = "If you are using a module and expect the file to exist on the remote, see the remote_src option.";
    let mut performed = Performed::from_causes(vec![
        nafal_base::Cause {
            message: "Unexpected AnsibleActionFail error".to_owned(),
            span: None,
            hint: None,
        },
        nafal_base::Cause { message: message.to_owned(), span: None, hint: Some(hint.to_owned()) },
    ]);
    performed.outcome = Outcome::failed(full);
    performed
}

/// Stock's message for a file of the controller that isn't there.
pub(crate) fn not_found(context: &ActionContext<'_>, kind: &str, name: &str) -> String {
    let mut searched = Vec::new();
    if Path::new(name).is_absolute() {
        return format!("Could not find or access '{name}' on the Ansible Controller.");
    }
    let folders = context.effects.search_path();
    let twice = folders.iter().chain(folders.last().filter(|_| folders.len() == 1));
    for folder in twice {
        searched.push(folder.join(kind).join(name).display().to_string());
        searched.push(folder.join(name).display().to_string());
    }
    format!(
        "Could not find or access '{name}'\nSearched in:\n\t{} on the Ansible Controller.",
        searched.join("\n\t")
    )
}

/// The module's arguments: what only the controller's half needs is left out.
fn module_arguments(mut args: Dict, mode: Option<String>) -> Dict {
    for ours in ["src", "content", "remote_src", "local_follow", "decrypt"] {
        args.remove(ours);
    }
    if let Some(mode) = mode {
        args.insert("mode", Value::from(mode));
    }
    args
}

fn one_file(context: &ActionContext<'_>, path: &Path, args: Dict) -> Result<Performed, Performed> {
    let bytes = source_bytes(context, path, &args)?;
    let basename =
        path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let module = module_arguments(args.clone(), preserved_mode(context, path, &args));
    let payload = Payload {
        bytes: &bytes,
        basename: &basename,
        shown_source: Some(path.display().to_string()),
    };
    Ok(Performed::module(payload::write(context, &payload, module)))
}

/// What is sent: vaults are opened, unless `decrypt` says no.
pub(super) fn source_bytes(
    context: &ActionContext<'_>,
    path: &Path,
    args: &Dict,
) -> Result<Vec<u8>, Performed> {
    let stays_sealed = matches!(args.get("decrypt"), Some(Value::Bool(false)))
        || args.get("decrypt").and_then(Value::as_str).is_some_and(|text| {
            matches!(text.to_ascii_lowercase().as_str(), "no" | "false" | "off" | "0" | "n" | "f")
        });
    let read =
        if stays_sealed { context.effects.read_sealed(path) } else { context.effects.read(path) };
    read.map_err(|error| match error.kind() {
        std::io::ErrorKind::Other if error.to_string().contains("no vault secrets found") => {
            let message = format!(
                "A vault password or secret must be specified to decrypt {}",
                path.display()
            );
            let mut performed = Performed::refused(&message);
            performed.outcome = Outcome::failed(format!("Task failed: {message}"));
            performed
        }
        _ => fail(format!("could not read the file {}: {error}", path.display())),
    })
}

/// `mode: preserve` is the source's own.
fn preserved_mode(context: &ActionContext<'_>, path: &Path, args: &Dict) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    if args.get("mode").and_then(Value::as_str) != Some("preserve") {
        return None;
    }
    let metadata = context.effects.metadata(path).ok()?;
    Some(format!("0{:03o}", metadata.permissions().mode() & 0o7777))
}

/// A folder: `src/` copies what is in it, `src` the folder itself.
fn folder(
    context: &ActionContext<'_>,
    path: &Path,
    source: &str,
    args: Dict,
) -> Result<Performed, Performed> {
    let dest = args.get("dest").map(|dest| dest.to_text().into_owned()).unwrap_or_default();
    let base = if source.ends_with('/') {
        PathBuf::from(&dest)
    } else {
        Path::new(&dest).join(path.file_name().unwrap_or_default())
    };
    let mut entries = Vec::new();
    collect(context, path, Path::new(""), &mut entries)
        .map_err(|error| fail(format!("could not read the folder {}: {error}", path.display())))?;
    let mut changed = false;
    let mut only = None;
    let files = entries.iter().filter(|entry| matches!(entry, Entry::File(_))).count();
    for entry in &entries {
        let outcome = match entry {
            Entry::Folder(relative) => make_folder(context, &base.join(relative), &args),
            Entry::File(relative) => {
                let mut one = args.clone();
                one.insert("dest", Value::from(base.join(relative).display().to_string()));
                one_file(context, &path.join(relative), one)?.outcome
            }
        };
        if !matches!(outcome.status, Status::Ok) {
            return Ok(Performed::module(outcome));
        }
        changed |= outcome.changed;
        if matches!(entry, Entry::File(_)) && files == 1 {
            only = Some(outcome);
        }
    }
    // Stock tells of a single file as if it had been named; of several, neither which nor what
    // changed in them.
    if let Some(only) = only {
        return Ok(Performed::module(only.changed_if(changed)));
    }
    let slash = |text: String| if text.ends_with('/') { text } else { text + "/" };
    let shown = path.display().to_string();
    let shown = if source.ends_with('/') { slash(shown) } else { shown };
    let outcome = Outcome::ok().changed_if(changed).with("dest", slash(dest)).with("src", shown);
    Ok(Performed::module(outcome))
}

enum Entry {
    Folder(PathBuf),
    File(PathBuf),
}

fn collect(
    context: &ActionContext<'_>,
    root: &Path,
    relative: &Path,
    entries: &mut Vec<Entry>,
) -> std::io::Result<()> {
    entries.push(Entry::Folder(relative.to_owned()));
    for path in context.effects.list(&root.join(relative))? {
        let Some(name) = path.file_name() else { continue };
        let below = relative.join(name);
        if root.join(&below).is_dir() {
            collect(context, root, &below, entries)?;
        } else {
            entries.push(Entry::File(below));
        }
    }
    Ok(())
}

fn make_folder(context: &ActionContext<'_>, path: &Path, args: &Dict) -> Outcome {
    let mut module = Dict::new();
    module.insert("path", Value::from(path.display().to_string()));
    module.insert("state", Value::from("directory"));
    for key in ["owner", "group"] {
        if let Some(value) = args.get(key) {
            module.insert(key, value.clone());
        }
    }
    if let Some(mode) = args.get("directory_mode") {
        module.insert("mode", mode.clone());
    }
    context.remote.run("ansible.builtin.file", module)
}
