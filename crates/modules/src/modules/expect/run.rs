//! Whether the command is needed, the talk with it, and the result. Must not know how a terminal works.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::Zoned;
use nafal_base::{Outcome, Status, Value};

use super::answers::Answers;
use super::terminal::{Echo, Heard, Terminal};
use super::words;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::tools::is_executable;
use crate::files::{Failure, Result};
use crate::modules::command_result::Times;
use crate::registry::Module;
use crate::spec::{Argument, CheckMode, Default, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        check_mode: CheckMode::Skipped,
        ..Spec::new(
            "expect",
            &[
                Argument::text("command").required(),
                Argument::path("chdir"),
                Argument::path("creates"),
                Argument::path("removes"),
                Argument::new("responses", Kind::Dict).required(),
                Argument::new("timeout", Kind::Raw).or(Default::Int(30)),
                Argument::flag("echo", false),
            ],
        )
    },
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let limit = limit(args.value("timeout"))?;
    let line = args.required_text("command");
    if line.trim().is_empty() {
        return Err(Failure::new("no command given").with("rc", 256));
    }
    let folder = folder(args, ctx)?;
    let is_there = |path: &str| match &folder {
        Some(folder) => folder.join(path).exists(),
        None => ctx.resolve(path).exists(),
    };
    let skipped = |path: &str, why: &str| {
        let told = Outcome::ok().with("cmd", line).with("rc", 0);
        told.with("stdout", format!("skipped, since {path} {why}"))
    };
    if let Some(path) = args.text("creates").filter(|path| is_there(path)) {
        return Ok(skipped(path, "exists"));
    }
    if let Some(path) = args.text("removes").filter(|path| !is_there(path)) {
        return Ok(skipped(path, "does not exist"));
    }
    let mut answers = match args.dict("responses") {
        Some(responses) => Answers::new(responses)?,
        None => Answers::new(&nafal_base::Dict::new())?,
    };
    let command = command(line, folder, ctx)?;
    let echo = if args.is("echo") { Echo::Shown } else { Echo::Hidden };
    let (begun, clock) = (Zoned::now(), Instant::now());
    let broken = |error: std::io::Error| Failure::new(format!("{line} could not be run: {error}"));
    let terminal = Terminal::start(command, echo, ctx.processes()).map_err(broken)?;
    let talk = talk(terminal, &mut answers, limit)?;
    let times = Times { begun, ended: Zoned::now(), took: clock.elapsed() };
    let told = Outcome::changed()
        .noting(&talk.heard)
        .with("cmd", line)
        .with("stdout", talk.said.trim_end_matches(['\r', '\n']));
    Ok(ended(times.told(told), talk.code))
}

fn ended(mut outcome: Outcome, code: Option<i32>) -> Outcome {
    let message = match code {
        Some(0) => return outcome.with("rc", 0),
        Some(code) => {
            outcome.values.insert("rc", Value::from(code));
            "non-zero return code"
        }
        // Stock knows no other reason, though a signal may have ended it.
        None => "command exceeded timeout",
    };
    outcome.status = Status::Failed;
    outcome.with("msg", message)
}

/// What was said in all, and how the command ended: None when it was ended.
struct Talk {
    said: String,
    heard: Vec<u8>,
    code: Option<i32>,
}

fn talk(
    mut terminal: Terminal<'_>,
    answers: &mut Answers,
    limit: Option<Duration>,
) -> Result<Talk> {
    let broken = |error: std::io::Error| Failure::new(format!("the terminal broke: {error}"));
    let (mut said, mut heard) = (String::new(), Vec::new());
    let mut answered = 0;
    // Of a character whose bytes haven't all come.
    let mut begun: Vec<u8> = Vec::new();
    let mut buffer = [0; 2000];
    let mut until = limit.map(|limit| Instant::now() + limit);
    loop {
        let count = match terminal.hear(&mut buffer, until).map_err(broken)? {
            Heard::Bytes(count) => count,
            Heard::Silence => return Ok(Talk { said, heard, code: None }),
            Heard::End => break,
        };
        begun.extend_from_slice(&buffer[..count]);
        heard.extend_from_slice(&buffer[..count]);
        let before = said.len();
        said.push_str(&take_text(&mut begun));
        let mut new = said.len() - before;
        while let Some(asked) = answers.find(&said[answered..], new)? {
            answered += asked.end;
            // What was said after the question may be the next one.
            new = said.len() - answered;
            until = limit.map(|limit| Instant::now() + limit);
            // An expression that matches nothing at all would be answered for ever.
            if terminal.tell(&asked.answer).is_err() || asked.end == 0 {
                break;
            }
        }
    }
    said.push_str(&String::from_utf8_lossy(&begun));
    let status = terminal.wait().map_err(broken)?;
    Ok(Talk { said, heard, code: status.code() })
}

/// The text that bytes begin with; what may still become a character stays.
fn take_text(bytes: &mut Vec<u8>) -> String {
    let whole = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    };
    let rest = bytes.split_off(whole);
    let text = String::from_utf8_lossy(bytes).into_owned();
    *bytes = rest;
    text
}

fn limit(value: Option<&Value>) -> Result<Option<Duration>> {
    let Some(value) = value else { return Ok(None) };
    let seconds = match value {
        Value::Int(seconds) => Some(*seconds),
        Value::Bool(flag) => Some(i64::from(*flag)),
        Value::Float(seconds) if seconds.fract() == 0.0 => Some(*seconds as i64),
        Value::Str(text) => text.trim().parse().ok(),
        _ => None,
    };
    let seconds = seconds.ok_or_else(|| {
        let (kind, shown) = (value.type_name(), value.repr());
        Failure::new(format!(
            "argument 'timeout' is of type <class '{kind}'> and we were unable to convert to int: \
             \"{shown}\" cannot be converted to an int"
        ))
    })?;
    Ok(u64::try_from(seconds).ok().map(Duration::from_secs))
}

fn folder(args: &Arguments, ctx: &Ctx) -> Result<Option<PathBuf>> {
    let Some(named) = args.text("chdir").filter(|named| !named.is_empty()) else {
        return Ok(None);
    };
    let folder = ctx.resolve(named);
    match std::fs::read_dir(&folder) {
        Ok(_) => Ok(Some(folder)),
        Err(error) => Err(Failure::raised([errno_text(&error, Some(named))])),
    }
}

fn command(line: &str, folder: Option<PathBuf>, ctx: &Ctx) -> Result<std::process::Command> {
    let words = words::split(line);
    let program = words.first().map(String::as_str).unwrap_or_default();
    let here = folder.clone().unwrap_or_else(|| ctx.resolve(""));
    let found = match program.contains('/') {
        true => Some(here.join(program)).filter(|path| is_executable(path)),
        false => ctx.find_tool(program),
    };
    let found = found.ok_or_else(|| {
        Failure::new(format!("The command was not found or was not executable: {program}."))
    })?;
    let mut command = ctx.command(found);
    command.args(&words[1..]);
    if let Some(folder) = folder {
        command.current_dir(folder);
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_come_in_pieces() {
        let mut bytes = "a\u{fc}".as_bytes()[..2].to_vec();
        assert_eq!((take_text(&mut bytes).as_str(), bytes.len()), ("a", 1));
        bytes.push(0xbc);
        assert_eq!((take_text(&mut bytes).as_str(), bytes.len()), ("\u{fc}", 0));
        let mut bytes = b"\xc3x".to_vec();
        assert_eq!(take_text(&mut bytes), "\u{fffd}x");
    }

    #[test]
    fn limits() {
        let of = |value: Value| limit(Some(&value)).ok();
        assert_eq!(of("5".into()), Some(Some(Duration::from_secs(5))));
        assert_eq!((of(Value::Int(-1)), of(1.5.into()), of("x".into())), (Some(None), None, None));
        assert!(limit(None).is_ok_and(|limit| limit.is_none()));
    }
}
