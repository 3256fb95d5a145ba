//! `async_status`: what a job in the background has come to. Must not know what runs in it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use nafal_base::{Dict, Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::jobs;
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "async_status",
        &[
            Argument::text("jid").required(),
            Argument::text("mode").or_text("status").choices(&["status", "cleanup"]),
            Argument::path("_async_dir").or_text(jobs::FOLDER),
        ],
    ),
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let job = args.required_text("jid");
    let folder = ctx.expand(args.text("_async_dir").unwrap_or(jobs::FOLDER));
    let file = Path::new(&folder).join(job);
    let path = file.to_string_lossy().into_owned();
    let is_cleanup = args.text("mode") == Some("cleanup");
    let key = if is_cleanup { "erased" } else { "results_file" };
    let content = match fs::read(&file) {
        Ok(content) => content,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let lost = Outcome::failed("could not find job").with(key, path);
            return Ok(told(lost, job, true, true));
        }
        Err(error) => return Err(Failure::new(format!("{path}: {error}"))),
    };
    if is_cleanup {
        fs::remove_file(&file).map_err(|error| Failure::new(format!("{path}: {error}")))?;
        return Ok(told(Outcome::ok().with("erased", path), job, false, false));
    }
    let Some(values) = parse(&content) else {
        let text = String::from_utf8_lossy(&content);
        let unclear = Outcome::failed(format!("Could not parse job output: {text}"));
        return Ok(told(unclear.with("results_file", path), job, true, true));
    };
    // Only a job that runs says of itself that it has started.
    let is_running = values.get("finished").is_some_and(|finished| !finished.is_true());
    let outcome = Outcome::from_result(values).with("results_file", path);
    Ok(told(outcome, job, true, !is_running))
}

/// What every answer has.
fn told(mut outcome: Outcome, job: &str, started: bool, finished: bool) -> Outcome {
    outcome.values.insert("ansible_job_id", Value::from(job));
    outcome.values.insert("started", Value::Bool(started));
    outcome.values.insert("finished", Value::Bool(finished));
    for stream in ["stdout", "stderr"] {
        if !outcome.values.contains(stream) {
            outcome.values.insert(stream, Value::from(""));
        }
    }
    outcome
}

fn parse(content: &[u8]) -> Option<Dict> {
    match serde_json::from_slice::<Value>(content).ok()? {
        Value::Dict(values) => Some(values),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(folder: &Path, extra: &[(&str, &str)]) -> Outcome {
        let folder = folder.to_string_lossy().into_owned();
        let args: Dict = [("jid", "j1.2"), ("_async_dir", folder.as_str())]
            .iter()
            .chain(extra)
            .map(|(key, value)| (*key, Value::from(*value)))
            .collect();
        MODULE.run(&args, &Ctx::plain("async_status", Default::default()))
    }

    #[test]
    fn from_the_start_to_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("j1.2");
        let lost = status(folder.path(), &[]);
        assert!(lost.is_failed() && lost.text("msg") == Some("could not find job"));
        fs::write(&file, r#"{"started": true, "finished": false}"#).unwrap();
        assert_eq!(status(folder.path(), &[]).values.get("finished"), Some(&Value::Bool(false)));
        fs::write(&file, r#"{"changed": true, "rc": 3, "failed": true, "stdout": "a\nb"}"#)
            .unwrap();
        let ended = status(folder.path(), &[]);
        assert!(ended.is_failed() && ended.changed);
        assert_eq!(ended.values.get("finished"), Some(&Value::Bool(true)));
        assert_eq!(ended.values.get("stdout_lines"), Some(&Value::from(vec!["a", "b"])));
        assert_eq!(ended.values.get("rc"), Some(&Value::Int(3)));
        fs::write(&file, "{").unwrap();
        assert!(status(folder.path(), &[]).text("msg").unwrap().starts_with("Could not parse"));
        assert!(!status(folder.path(), &[("mode", "cleanup")]).is_failed());
        assert!(!file.exists());
        assert!(status(folder.path(), &[("mode", "cleanup")]).is_failed());
    }
}
