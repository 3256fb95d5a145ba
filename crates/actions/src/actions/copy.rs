//! `copy`: a file, a folder or given content to a path on the target. `remote_src` is the
//! module's alone.

use std::path::Path;

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Outcome, Value};

use crate::arguments::{Arguments, Flag};
use crate::context::ActionContext;
use crate::copy_folder;
use crate::effect::Performed;
use crate::large_file::LargeFile;
use crate::payload::{self, Payload};

pub(crate) const SUPPORTED: &[&str] = &[
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
    let source = args.text("src").filter(|source| !source.is_empty());
    let content = args.get("content").cloned();
    let dest = args.text("dest").filter(|dest| !dest.is_empty());
    let Some(dest) = dest else { return Err(fail("dest is required")) };
    if source.is_none() && content.is_none() {
        return Err(fail("src (or content) is required"));
    }
    if source.is_some() && content.is_some() {
        return Err(fail("src and content are mutually exclusive"));
    }
    if content.is_some() && dest.ends_with('/') {
        return Err(fail(payload::CONTENT_TO_FOLDER));
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
        let mut module = module_arguments(args.into_dict(), None);
        if !is_known {
            return Ok(refusal(context, text.as_bytes(), module));
        }
        if text.is_empty() {
            // Stock takes no content for none, and names the file that it has made (case `copy-nothing`).
            module.insert("_diff_header", Value::from(payload::local_path(context, "")));
        }
        let payload = Payload { bytes: text.as_bytes(), basename: "", shown_source: None };
        let outcome = payload::write(context, &payload, module);
        return Ok(payload::performed(outcome));
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
        return copy_folder::run(context, &path, &source, &args.into_dict());
    }
    one_file(context, &path, args.into_dict(), None).map(payload::performed)
}

/// Arguments that nobody knows are refused by the module, after stock has taken the checksum of
/// what it would have sent.
fn refusal(context: &ActionContext<'_>, bytes: &[u8], module: Dict) -> Performed {
    let outcome = context.remote.run("ansible.legacy.copy", module);
    Performed::module(outcome.with("checksum", payload::sha1_of(bytes)))
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
    if name.starts_with(['/', '~']) {
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

/// Sends a file; `name` is what it has below a destination that is a folder.
pub(crate) fn one_file(
    context: &ActionContext<'_>,
    path: &Path,
    args: Dict,
    name: Option<&str>,
) -> Result<Outcome, Performed> {
    let own = path.file_name().unwrap_or_default().to_string_lossy();
    let basename = name.unwrap_or(&own);
    let module = module_arguments(args.clone(), preserved_mode(context, path, &args));
    let shown = path.display().to_string();
    if let Some(mut file) = large_file(context, path) {
        return Ok(payload::write_large(context, &mut file, (basename, &shown), module));
    }
    let bytes = source_bytes(context, path, &args)?;
    let payload = Payload { bytes: &bytes, basename, shown_source: Some(shown) };
    Ok(payload::write(context, &payload, module))
}

/// A file that is too large to be held, and no vault. What is wrong with one is told by who reads it whole.
fn large_file(context: &ActionContext<'_>, path: &Path) -> Option<LargeFile> {
    LargeFile::open(path).ok().flatten().filter(|_| !context.effects.is_sealed(path))
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
    let end = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let metadata = context.effects.metadata(&end).ok()?;
    Some(format!("0{:03o}", metadata.permissions().mode() & 0o7777))
}
