//! What `command` and `shell` return, in stock's words. Must not know how commands are run.

use std::path::Path;
use std::time::Duration;

use jiff::Zoned;
use nafal_base::{Outcome, Status, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::processes::{Ended, Stream};

/// When a command ran.
pub struct Times {
    /// When it began, by the clock.
    pub begun: Zoned,
    /// When it ended, by the clock.
    pub ended: Zoned,
    /// How long it took.
    pub took: Duration,
}

impl Times {
    /// A result with them.
    pub fn told(&self, outcome: Outcome) -> Outcome {
        outcome
            .with("start", clock(&self.begun))
            .with("end", clock(&self.ended))
            .with("delta", delta(self.took))
    }
}

/// The result before anything ran.
pub fn empty(cmd: Value) -> Outcome {
    Outcome::ok()
        .with("stdout", "")
        .with("stderr", "")
        .with("rc", 0)
        .with("cmd", cmd)
        .with("start", Value::None)
        .with("end", Value::None)
        .with("delta", Value::None)
        .with("msg", "")
}

/// The result when `creates` or `removes` says that there is nothing to do.
pub fn not_needed(
    args: &Arguments,
    ctx: &Ctx,
    folder: Option<&Path>,
    outcome: &Outcome,
) -> Option<Outcome> {
    let verb = if ctx.is_check() { "Would" } else { "Did" };
    let skipped = |path: &str, state: &str| {
        outcome
            .clone()
            .with("msg", format!("{verb} not run command since '{path}' {state}"))
            .with("stdout", format!("skipped, since {path} {state}"))
    };
    if let Some(path) = args.text("creates")
        && matches_any(path, folder)
    {
        return Some(skipped(path, "exists"));
    }
    if let Some(path) = args.text("removes")
        && !matches_any(path, folder)
    {
        return Some(skipped(path, "does not exist"));
    }
    None
}

/// Whether a pattern of Python's `glob` matches anything.
fn matches_any(pattern: &str, folder: Option<&Path>) -> bool {
    let full = match folder {
        Some(folder) => folder.join(pattern),
        None => pattern.into(),
    };
    crate::glob::matches_any(&full)
}

/// The result in check mode: without `creates` or `removes` nobody knows what would happen.
pub fn checked(args: &Arguments, outcome: Outcome) -> Outcome {
    let is_known = args.text("creates").is_some() || args.text("removes").is_some();
    Outcome {
        status: if is_known { Status::Ok } else { Status::Skipped },
        changed: is_known,
        ..outcome
    }
    .with("msg", "Command would have run if not in check mode")
}

/// The result of a command that ran.
pub fn finished(outcome: Outcome, ended: Ended, times: &Times, args: &Arguments) -> Outcome {
    let too_much = too_much(&ended);
    let text = |stream: Stream| {
        // Of a stream that was cut only its beginning goes on: the result says so.
        let shown = if too_much.is_some() { 64 * 1024 } else { usize::MAX };
        let bytes = &stream.bytes[..stream.bytes.len().min(shown)];
        let text = String::from_utf8_lossy(bytes);
        if args.is("strip_empty_ends") {
            text.trim_end_matches(['\r', '\n']).to_owned()
        } else {
            text.into_owned()
        }
    };
    let mut outcome = times
        .told(outcome)
        .noting(&ended.stdout.bytes)
        .noting(&ended.stderr.bytes)
        .with("rc", ended.code)
        .with("stdout", text(ended.stdout))
        .with("stderr", text(ended.stderr))
        .changed_if(true);
    if let Some(message) = too_much {
        outcome.status = Status::Failed;
        outcome.values.insert("msg", Value::from(message));
    } else if ended.code != 0 {
        outcome.status = Status::Failed;
        let message = "The command exited with a non-zero return code.";
        outcome.values.insert("msg", Value::from(message));
    }
    outcome
}

fn too_much(ended: &Ended) -> Option<String> {
    let (name, stream) = [("stdout", &ended.stdout), ("stderr", &ended.stderr)]
        .into_iter()
        .find(|(_, stream)| stream.overflowed())?;
    Some(format!(
        "the command ran to its end, but wrote {} bytes to {name}, more than the {} that are kept; \
         send it to a file, or raise NAFAL_OUTPUT_LIMIT in the task's environment",
        stream.total,
        stream.bytes.len()
    ))
}

/// Python's `str(timedelta)`.
fn delta(took: Duration) -> String {
    let seconds = took.as_secs();
    let days = match seconds / 86400 {
        0 => String::new(),
        1 => "1 day, ".to_owned(),
        days => format!("{days} days, "),
    };
    let (hours, minutes, rest) = (seconds % 86400 / 3600, seconds % 3600 / 60, seconds % 60);
    let fraction = match took.subsec_micros() {
        0 => String::new(),
        micros => format!(".{micros:06}"),
    };
    format!("{days}{hours}:{minutes:02}:{rest:02}{fraction}")
}

/// Python's `str(datetime)`.
fn clock(time: &Zoned) -> String {
    let seconds = time.strftime("%Y-%m-%d %H:%M:%S").to_string();
    match time.subsec_nanosecond() / 1000 {
        0 => seconds,
        micros => format!("{seconds}.{micros:06}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python_prints() {
        assert_eq!(delta(Duration::from_micros(7232)), "0:00:00.007232");
        assert_eq!(delta(Duration::from_secs(90061)), "1 day, 1:01:01");
    }
}
