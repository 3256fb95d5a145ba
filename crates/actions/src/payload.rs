//! What copy and template send: some bytes that must be at a path, with mode and owner.

use std::path::Path;

use nafal_base::{Dict, Outcome, Status, Value};
use sha1::Digest;

use crate::context::ActionContext;
use crate::effect::Performed;
use crate::large_file::LargeFile;

/// Above this many bytes a file travels in pieces, before the module runs.
pub(crate) const INLINE: usize = 1024 * 1024;

/// Content has no name that it could have in a folder.
pub(crate) const CONTENT_TO_FOLDER: &str = "can not use content with a dir as dest";

/// Bytes with a name, for a destination.
pub(crate) struct Payload<'a> {
    /// What must be there.
    pub bytes: &'a [u8],
    /// The name under which a destination that is a folder gets it.
    pub basename: &'a str,
    /// What a diff calls the new side.
    pub shown_source: Option<String>,
}

/// Puts the payload where `args` (the module's: dest, mode, owner, …) say, in one round trip when
/// it is small.
pub(crate) fn write(context: &ActionContext<'_>, payload: &Payload<'_>, mut args: Dict) -> Outcome {
    let dest = args.get("dest").map(|dest| dest.to_text().into_owned()).unwrap_or_default();
    if !payload.basename.is_empty() {
        args.insert("_original_basename", Value::from(payload.basename));
    }
    let outcome = deliver(context, payload, args);
    if outcome.is_failed() && !outcome.values.contains("checksum") {
        return outcome.with("checksum", sha1_of(payload.bytes));
    }
    with_source(context, payload.shown_source.as_deref(), &dest, outcome)
}

/// The same for a file that is too large to be held.
pub(crate) fn write_large(
    context: &ActionContext<'_>,
    file: &mut LargeFile,
    (basename, shown_source): (&str, &str),
    mut args: Dict,
) -> Outcome {
    let dest = args.get("dest").map(|dest| dest.to_text().into_owned()).unwrap_or_default();
    args.insert("_original_basename", Value::from(basename));
    let outcome = file.deliver(context, shown_source, args);
    if outcome.is_failed() && !outcome.values.contains("checksum") {
        return outcome.with("checksum", file.checksum());
    }
    with_source(context, Some(shown_source), &dest, outcome)
}

/// The same for what was assembled here, which stock always sends: its copy module tells what it
/// did, whether that changed anything or not.
pub(crate) fn write_assembled(
    context: &ActionContext<'_>,
    payload: &Payload<'_>,
    mut args: Dict,
) -> Outcome {
    args.insert("_original_basename", Value::from(payload.basename));
    let mut outcome = upload(context, payload, args);
    // Stock's copy tells a list of differences, its assemble the one.
    if let Some(Value::List(all)) = outcome.values.get("diff")
        && let Some(only) = all.iter().next().filter(|_| all.len() == 1)
    {
        let only = only.clone();
        outcome.values.insert("diff", only);
    }
    match outcome.status {
        Status::Ok => outcome.with("src", format!("{}/src", task_folder(context))),
        _ => outcome,
    }
}

/// SHA-1 in hexadecimal.
pub(crate) fn sha1_of(bytes: &[u8]) -> String {
    hex::encode(sha1::Sha1::digest(bytes))
}

/// What stock's action itself says, as the action's; all else as the module's.
pub(crate) fn performed(mut outcome: Outcome) -> Performed {
    let message = outcome.text("msg").unwrap_or_default().to_owned();
    if outcome.is_failed() && message.starts_with("Failed to get information on remote file (") {
        return Performed::raised(message, None, None);
    }
    if message == CONTENT_TO_FOLDER {
        outcome.values.remove("checksum");
        return outcome.into();
    }
    Performed::module(outcome)
}

fn deliver(context: &ActionContext<'_>, payload: &Payload<'_>, mut args: Dict) -> Outcome {
    if payload.bytes.len() <= INLINE {
        if let Some(source) = &payload.shown_source {
            args.insert("_diff_header", Value::from(source.as_str()));
        }
        args.insert("content", Value::bytes(payload.bytes.to_vec()));
        return context.remote.run("nafal.builtin.write", args);
    }
    upload(context, payload, args)
}

fn upload(context: &ActionContext<'_>, payload: &Payload<'_>, args: Dict) -> Outcome {
    match context.remote.put(&mut &payload.bytes[..]) {
        Ok(path) => {
            let dest = || args.get("dest").map(|dest| dest.to_text().into_owned());
            let header = payload.shown_source.clone().or_else(dest).unwrap_or_default();
            run_copy(context, path, &header, args)
        }
        Err(outcome) => outcome,
    }
}

/// Puts what was uploaded to a path where `args` say.
pub(crate) fn run_copy(
    context: &ActionContext<'_>,
    uploaded: String,
    header: &str,
    mut args: Dict,
) -> Outcome {
    args.insert("src", Value::from(uploaded));
    args.insert("_nafal_move", Value::Bool(true));
    args.insert("_nafal_diff_header", Value::from(header));
    context.remote.run("ansible.legacy.copy", args)
}

/// Runs a module of ours with these bytes, as its `content` when they are few, else uploaded
/// before and named by `src`.
pub(crate) fn send(
    context: &ActionContext<'_>,
    module: &str,
    bytes: &[u8],
    mut args: Dict,
) -> Outcome {
    if bytes.len() <= INLINE {
        args.insert("content", Value::bytes(bytes.to_vec()));
    } else {
        match context.remote.put(&mut &*bytes) {
            Ok(path) => args.insert("src", Value::from(path)),
            Err(outcome) => return outcome,
        };
    }
    context.remote.run(module, args)
}

/// `src` as stock shows it: a path in the task's folder of what was sent, though nothing was laid
/// there; what was kept because of `force: false` names what would have been sent.
fn with_source(
    context: &ActionContext<'_>,
    shown_source: Option<&str>,
    dest: &str,
    outcome: Outcome,
) -> Outcome {
    if outcome.status != Status::Ok {
        return outcome;
    }
    let outcome = with_differences(outcome);
    if outcome.changed && outcome.values.contains("md5sum") {
        let name = outcome.text("dest").unwrap_or(dest);
        let extension = Path::new(name).extension().map(|text| text.to_string_lossy());
        let extension = extension.map(|text| format!(".{text}")).unwrap_or_default();
        let source = format!("{}/.source{extension}", task_folder(context));
        return in_order(outcome.with("src", source), &["dest", "src"], &[]);
    }
    if !outcome.changed && outcome.values.contains("md5sum") {
        return as_file_module(outcome, dest);
    }
    if !outcome.changed && !outcome.values.contains("checksum") {
        let source = shown_source.map_or_else(|| local_path(context, ""), str::to_owned);
        return Outcome::ok().with("dest", dest).with("src", source);
    }
    in_order(outcome, &[], &["checksum", "dest"])
}

/// The list of differences is there even when nobody wants them (case `results-in-order`).
fn with_differences(outcome: Outcome) -> Outcome {
    match outcome.values.contains("diff") {
        true => outcome,
        false => outcome.with("diff", Vec::<Value>::new()),
    }
}

/// The result with some of its keys before all others and some behind them.
fn in_order(mut outcome: Outcome, first: &[&str], last: &[&str]) -> Outcome {
    let place = |key: &str| match (first.iter().position(|one| *one == key), last) {
        (Some(place), _) => place,
        (None, last) => {
            first.len() + last.iter().position(|one| *one == key).map_or(0, |at| at + 1)
        }
    };
    let mut entries: Vec<_> =
        outcome.values.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    entries.sort_by_key(|(key, _)| key.as_str().map_or(first.len(), place));
    outcome.values = entries.into_iter().collect();
    outcome
}

/// What was there already is told by stock's file module, which knows no digest but the checksum.
fn as_file_module(mut outcome: Outcome, dest: &str) -> Outcome {
    for key in ["src", "md5sum"] {
        outcome.values.remove(key);
    }
    let path = outcome.values.remove("dest").unwrap_or_else(|| Value::from(dest));
    in_order(outcome.with("path", path), &["path"], &["checksum"]).with("dest", dest)
}

/// The folder that a task has on stock's target.
fn task_folder(context: &ActionContext<'_>) -> String {
    let (seconds, process) = (seconds(), std::process::id());
    format!("{}/ansible-tmp-{seconds}-{process}-0", temporary(context))
}

/// The path that a file of the run has on stock's controller.
pub(crate) fn local_path(context: &ActionContext<'_>, name: &str) -> String {
    let folder = format!("{}/ansible-local-{}", temporary(context), std::process::id());
    if name.is_empty() { format!("{folder}/content") } else { format!("{folder}/source/{name}") }
}

fn temporary(context: &ActionContext<'_>) -> String {
    format!("{}/.ansible/tmp", context.effects.env("HOME").unwrap_or_else(|| "~".to_owned()))
}

fn seconds() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    format!("{:.6}", since.unwrap_or_default().as_secs_f64())
}
