//! What is waited for, how often it is looked at, and what is told in the end.

use std::fs;
use std::time::{Duration, Instant};

use nafal_base::{Dict, Outcome, Value, system_words};

use super::{connections, heard, port};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::python_regex::{Alphabet, Anchors, Pattern};
use crate::registry::Module;
use crate::spec::{Argument, CheckMode, Default, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        check_mode: CheckMode::Skipped,
        ..Spec::new(
            "wait_for",
            &[
                Argument::text("host").or_text("127.0.0.1"),
                Argument::new("timeout", Kind::Int).or(Default::Int(300)),
                Argument::new("connect_timeout", Kind::Int).or(Default::Int(5)),
                Argument::new("delay", Kind::Int).or(Default::Int(0)),
                Argument::new("port", Kind::Int),
                Argument::list("active_connection_states", Kind::Str).or(Default::Texts(&[
                    "ESTABLISHED",
                    "FIN_WAIT1",
                    "FIN_WAIT2",
                    "SYN_RECV",
                    "SYN_SENT",
                    "TIME_WAIT",
                ])),
                Argument::path("path"),
                Argument::text("search_regex"),
                Argument::text("state")
                    .or_text("started")
                    .choices(&["absent", "drained", "present", "started", "stopped"]),
                Argument::list("exclude_hosts", Kind::Str),
                Argument::new("sleep", Kind::Int).or(Default::Int(1)),
                Argument::text("msg"),
            ],
        )
    },
    run,
};

/// What a text was found to match.
#[derive(Default)]
pub struct Found {
    groups: Vec<Value>,
    named: Dict,
}

impl Found {
    /// The groups of the first match in a text.
    pub fn in_text(pattern: &Pattern, text: &str) -> Option<Found> {
        let captures = pattern.search(text)?;
        let value = |group: Option<fancy_regex::Match<'_>>| match group {
            Some(group) => Value::from(group.as_str()),
            None => Value::None,
        };
        Some(Found {
            groups: captures.iter().skip(1).map(value).collect(),
            named: pattern.names().map(|name| (name, value(captures.name(name)))).collect(),
        })
    }
}

/// How long there is, and since when.
pub struct Clock<'a> {
    ctx: &'a Ctx,
    begun: Instant,
    end: Instant,
    sleep: Duration,
}

impl Clock<'_> {
    /// What is left of the time.
    pub fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// Whether there is still time, and nobody has cancelled.
    pub fn goes_on(&self) -> bool {
        !self.left().is_zero() && !self.ctx.processes().is_cancelled()
    }

    /// Waits before the next look.
    fn pause(&self, duration: Duration) {
        let until = Instant::now() + duration;
        while !self.ctx.processes().is_cancelled() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(Duration::from_millis(200)));
        }
    }

    fn elapsed(&self) -> u64 {
        self.begun.elapsed().as_secs()
    }
}

fn seconds(args: &Arguments, name: &str) -> Duration {
    Duration::from_secs(args.int(name).and_then(|n| u64::try_from(n).ok()).unwrap_or_default())
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let pattern = pattern_of(args)?;
    refuse(args)?;
    if let Some(state) = connections::unknown(&args.texts("active_connection_states")) {
        let message = format!("unknown active_connection_state ({state}) defined");
        return Err(Failure::new(message).with("elapsed", 0));
    }
    let begun = Instant::now();
    let clock =
        Clock { ctx, begun, end: begun + seconds(args, "timeout"), sleep: seconds(args, "sleep") };
    clock.pause(seconds(args, "delay"));
    let found = wait(args, ctx, &clock, pattern.as_ref())?;
    Ok(Outcome::ok()
        .with("state", args.required_text("state"))
        .with("port", args.value("port").cloned())
        .with("search_regex", args.text("search_regex"))
        .with("match_groups", found.groups)
        .with("match_groupdict", found.named)
        .with("path", args.text("path"))
        .with("elapsed", clock.elapsed()))
}

fn pattern_of(args: &Arguments) -> Result<Option<Pattern>> {
    let source = args.text("search_regex");
    let compile = |source| {
        Pattern::new(source, Alphabet::Ascii, Anchors::Lines)
            .map_err(|error| Failure::new(format!("Invalid regular expression: {error}")))
    };
    source.map(compile).transpose()
}

fn refuse(args: &Arguments) -> Result<()> {
    let (path, port) = (args.text("path"), args.int("port").filter(|port| *port != 0));
    let state = args.required_text("state");
    let only_port = |state: &str| {
        format!("state={state} should only be used for checking a port in the wait_for module")
    };
    let message = match state {
        _ if path.is_some() && port.is_some() => {
            "port and path parameter can not both be passed to wait_for".to_owned()
        }
        "stopped" | "drained" if path.is_some() => only_port(state),
        state if state != "drained" && args.value("exclude_hosts").is_some() => {
            "exclude_hosts should only be with state=drained".to_owned()
        }
        "drained" if args.value("port").is_none() => {
            let told = "int() argument must be a string, a bytes-like object or a real number, \
                        not 'NoneType'";
            return Err(Failure::raised([told]));
        }
        _ => return Ok(()),
    };
    Err(Failure::new(message).with("elapsed", 0))
}

fn wait(
    args: &Arguments,
    ctx: &Ctx,
    clock: &Clock<'_>,
    pattern: Option<&Pattern>,
) -> Result<Found> {
    let state = args.required_text("state");
    let is_nothing = args.int("port").is_none_or(|port| port == 0) && args.text("path").is_none();
    if is_nothing && state != "drained" {
        // The delay comes on top of what is nothing but a pause.
        clock.pause(seconds(args, "timeout"));
        return Ok(Found::default());
    }
    let watched = connections::Watched::new(args)?;
    while clock.goes_on() {
        let found = match state {
            "absent" | "stopped" => is_gone(args, ctx, clock).then(Found::default),
            "drained" => watched.are_gone().then(Found::default),
            _ => is_there(args, ctx, clock, pattern)?,
        };
        if let Some(found) = found {
            return Ok(found);
        }
        clock.pause(clock.sleep);
    }
    let message = match args.text("msg") {
        Some(own) => own.to_owned(),
        None => timed_out(args),
    };
    Err(Failure::new(message).with("elapsed", clock.elapsed()))
}

fn timed_out(args: &Arguments) -> String {
    let place = match (args.text("path"), args.int("port")) {
        (Some(path), _) => path.to_owned(),
        (None, port) => format!("{}:{}", args.required_text("host"), port.unwrap_or_default()),
    };
    let is_file = args.text("path").is_some();
    match (args.required_text("state"), args.text("search_regex")) {
        ("absent" | "stopped", _) if is_file => {
            format!("Timeout when waiting for {place} to be absent.")
        }
        ("absent" | "stopped", _) => format!("Timeout when waiting for {place} to stop."),
        ("drained", _) => format!("Timeout when waiting for {place} to drain"),
        (_, Some(pattern)) => {
            format!("Timeout when waiting for search string {pattern} in {place}")
        }
        _ if is_file => format!("Timeout when waiting for file {place}"),
        _ => format!("Timeout when waiting for {place}"),
    }
}

fn is_gone(args: &Arguments, ctx: &Ctx, clock: &Clock<'_>) -> bool {
    match args.text("path") {
        Some(path) => !ctx.resolve(path).exists(),
        None => !port::answers(args, clock),
    }
}

fn is_there(
    args: &Arguments,
    ctx: &Ctx,
    clock: &Clock<'_>,
    pattern: Option<&Pattern>,
) -> Result<Option<Found>> {
    let Some(shown) = args.text("path") else {
        return Ok(port::look(args, clock, pattern));
    };
    let path = ctx.resolve(shown);
    match fs::metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let message = format!("Failed to stat {shown}, {}", system_words(&error));
            return Err(Failure::new(message).with("elapsed", clock.elapsed()));
        }
        Ok(_) => {}
    }
    let Some(pattern) = pattern else { return Ok(Some(Found::default())) };
    // What can't be read now may be readable later.
    let Ok(bytes) = fs::read(&path) else { return Ok(None) };
    Ok(Found::in_text(pattern, &heard::text(&bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait_for(args: &[(&str, Value)]) -> Outcome {
        let args: Dict = args.iter().map(|(key, value)| (*key, value.clone())).collect();
        MODULE.run(&args, &Ctx::plain("wait_for", std::default::Default::default()))
    }

    #[test]
    fn files_and_what_is_in_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log").to_string_lossy().into_owned();
        fs::write(&path, "a\nready 42\n").unwrap();
        let found = wait_for(&[
            ("path", path.as_str().into()),
            ("search_regex", r"^(?P<what>\w+) (\d+)$".into()),
        ]);
        let groups = Value::from(vec!["ready", "42"]);
        assert_eq!(found.values.get("match_groups"), Some(&groups), "{found:?}");
        let missing = wait_for(&[("path", "/nosuch".into()), ("timeout", 0.into())]);
        assert_eq!(missing.text("msg"), Some("Timeout when waiting for file /nosuch"));
        assert!(!wait_for(&[("path", "/nosuch".into()), ("state", "absent".into())]).is_failed());
    }

    #[test]
    fn ports() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = i64::from(listener.local_addr().unwrap().port());
        let open = [("port", Value::Int(port)), ("timeout", 5.into())];
        assert!(!wait_for(&open).is_failed());
        let stop = [("port", port.into()), ("timeout", 0.into()), ("state", "stopped".into())];
        let told = format!("Timeout when waiting for 127.0.0.1:{port} to stop.");
        assert_eq!(wait_for(&stop).text("msg"), Some(&*told));
        drop(listener);
        let stopped = [("port", port.into()), ("timeout", 5.into()), ("state", "stopped".into())];
        assert!(!wait_for(&stopped).is_failed());
    }
}
