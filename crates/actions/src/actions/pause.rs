//! `pause`: the run stands still for a time, or until somebody at the terminal lets it go on.

use std::time::{Duration, Instant};

use nafal_base::console::{Echo, Keyed, Keys};
use nafal_base::{Cause, Dict, Outcome, Text, Value};

use crate::arguments::{Arguments, Flag};
use crate::context::ActionContext;
use crate::effect::Performed;

const HINT: &str = "(ctrl+C then 'C' = continue early, ctrl+C then 'A' = abort)\r";
const CHOICE: &str = "Press 'C' to continue the play or 'A' to abort \r";
const NOBODY: &str = "Not waiting for response to prompt as stdin is not interactive";
const CTRL_C: u8 = 3;

/// What it takes.
pub(crate) const SUPPORTED: &[&str] = &["echo", "minutes", "prompt", "seconds"];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

/// What it waits for.
struct Pause {
    /// The time, with its unit's name and how many seconds that is.
    time: Option<(Duration, &'static str)>,
    prompt: Option<String>,
    echo: Echo,
}

impl Pause {
    fn of(args: Dict) -> Result<Pause, Performed> {
        let args = Arguments::check("pause", args, SUPPORTED)?;
        if args.get("minutes").is_some() && args.get("seconds").is_some() {
            return Err(Performed::refused("parameters are mutually exclusive: minutes|seconds"));
        }
        let time = match (whole(&args, "minutes")?, whole(&args, "seconds")?) {
            (Some(minutes), _) => Some((minutes * 60.0, "minutes")),
            (None, Some(seconds)) => Some((seconds, "seconds")),
            (None, None) => None,
        };
        let echo = if args.flag("echo", Flag::On)? { Echo::Shown } else { Echo::Hidden };
        let prompt = args.text("prompt").map(|text| text.to_string());
        let time =
            time.map(|(seconds, unit)| (Duration::from_secs_f64(seconds.max(1.0).floor()), unit));
        Ok(Pause { time, prompt, echo })
    }

    /// What stands behind a prompt whose answer isn't seen.
    fn hidden(&self) -> &'static str {
        if self.echo == Echo::Hidden { " (output is hidden)" } else { "" }
    }
}

fn whole(args: &Arguments, name: &str) -> Result<Option<f64>, Performed> {
    let Some(value) = args.get(name) else { return Ok(None) };
    let refused = |reason: String| {
        Performed::refused(&format!(
            "argument '{name}' is of type {} and we were unable to convert to int: {reason}",
            value.type_name()
        ))
    };
    match value {
        Value::Int(number) => Ok(Some(*number as f64)),
        Value::Bool(flag) => Ok(Some(f64::from(u8::from(*flag)))),
        Value::Float(number) => Ok(Some(number.trunc())),
        Value::Str(text) => match text.trim().parse::<i64>() {
            Ok(number) => Ok(Some(number as f64)),
            Err(_) => Err(refused(format!(
                "invalid literal for int() with base 10: {}",
                value.repr()
            ))),
        },
        Value::List(_) => Err(refused("int() argument must be a string, a bytes-like object or a real number, not '_AnsibleTaggedList'".to_owned())),
        other => Err(refused(format!("int() argument must be a string, a bytes-like object or a real number, not '{}'", other.type_name()))),
    }
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    let pause = Pause::of(args)?;
    let start = now(context)?;
    let begun = Instant::now();
    let (input, warning) = wait(context, &pause)?;
    let seconds = begun.elapsed().as_secs_f64();
    let (amount, unit) = match pause.time {
        Some((_, "seconds")) => (seconds, "seconds"),
        _ => (seconds / 60.0, "minutes"),
    };
    let amount = Value::Float((amount * 100.0).round() / 100.0);
    let told = Value::from(format!("Paused for {} {unit}", amount.to_text()));
    let mut outcome = Outcome::ok()
        .with("stdout", told.clone())
        .with("stdout_lines", vec![told])
        .with("stderr", "")
        .with("stderr_lines", Vec::<Value>::new())
        .with("rc", 0)
        .with("start", start)
        .with("stop", now(context)?)
        .with("delta", Value::Int(begun.elapsed().as_secs() as i64))
        .with("echo", pause.echo == Echo::Shown)
        .with("user_input", input);
    if let Some(warning) = warning {
        outcome = outcome.with("warnings", vec![Value::from(warning)]);
    }
    Ok(outcome.into())
}

fn now(context: &ActionContext<'_>) -> Result<String, Performed> {
    let template = Text::trusted("{{ now().strftime('%Y-%m-%d %H:%M:%S.%f') }}", None);
    Ok(context.renderer.render_string(&Value::Str(template))?)
}

/// Waits; gives what was typed, and what is to be warned of.
fn wait(
    context: &ActionContext<'_>,
    pause: &Pause,
) -> Result<(String, Option<&'static str>), Performed> {
    let console = context.console;
    if let Some((time, _)) = pause.time {
        console.show(&format!("Pausing for {} seconds{}", time.as_secs(), pause.hidden()));
    }
    let prompt = match (&pause.prompt, pause.time) {
        (Some(prompt), Some(_)) => {
            console.show(HINT);
            format!("[pause]\n{prompt}{}:", pause.hidden())
        }
        (None, Some(_)) => HINT.to_owned(),
        (Some(prompt), None) => format!("[pause]\n{prompt}{}:", pause.hidden()),
        (None, None) => {
            format!("[pause]\nPress enter to continue, Ctrl+C to interrupt{}:", pause.hidden())
        }
    };
    let is_interactive = console.is_interactive();
    let Some((time, _)) = pause.time else {
        if !is_interactive {
            return Ok((String::new(), Some(NOBODY)));
        }
        console.show(&prompt);
        let keys = keys(context, pause, None, b"\r\n", &[CTRL_C]);
        return match console.keys(&keys).map_err(broken)? {
            Keyed::Text(text) => Ok((text, None)),
            Keyed::Interrupted | Keyed::OutOfTime => choose(context, pause),
        };
    };
    if !is_interactive {
        context.sleep(time);
        return Ok((String::new(), None));
    }
    console.show(&prompt);
    match console.keys(&keys(context, pause, Some(time), b"", &[CTRL_C])).map_err(broken)? {
        Keyed::Interrupted => choose(context, pause),
        Keyed::Text(_) | Keyed::OutOfTime => Ok((String::new(), None)),
    }
}

/// Whether the play goes on after an interrupt.
fn choose(
    context: &ActionContext<'_>,
    pause: &Pause,
) -> Result<(String, Option<&'static str>), Performed> {
    context.console.show(CHOICE);
    match context.console.keys(&keys(context, pause, None, b"cC", b"aA")).map_err(broken)? {
        Keyed::Text(_) | Keyed::OutOfTime => Ok((String::new(), None)),
        Keyed::Interrupted => {
            let message = "user requested abort!".to_owned();
            // A step of its own.
            let cause = Cause { message, span: None, hint: Some(String::new()) };
            Err(Performed::from_causes(vec![cause]))
        }
    }
}

/// While a time runs, keys aren't seen.
fn keys<'a>(
    context: &ActionContext<'a>,
    pause: &Pause,
    limit: Option<Duration>,
    complete: &'a [u8],
    interrupt: &'a [u8],
) -> Keys<'a> {
    let echo = if pause.time.is_some() { Echo::Hidden } else { pause.echo };
    Keys { echo, limit, complete, interrupt, cancelled: context.cancelled }
}

fn broken(error: std::io::Error) -> Performed {
    Performed::raised(format!("the terminal can't be read: {error}"), None, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let pause = |name: &str, value: Value| Pause::of([(name, value)].into_iter().collect());
        let time = |name: &str, value: Value| pause(name, value).ok().unwrap().time.unwrap().0;
        assert_eq!(time("seconds", Value::from("7")), Duration::from_secs(7));
        assert_eq!(time("minutes", Value::Int(2)), Duration::from_secs(120));
        assert_eq!(time("seconds", Value::Int(-3)), Duration::from_secs(1));
        assert!(pause("seconds", Value::from("some")).is_err());
    }
}
