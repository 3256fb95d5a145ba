//! `reboot`: the machine goes down, and the task goes on once it is up again and does as it is told.
//! That it was down is seen by what a command says of its start.

use std::time::{Duration, Instant, SystemTime};

use nafal_base::dates::{DateTime, Moment};
use nafal_base::event::Mode;
use nafal_base::shell::quoted;
use nafal_base::{Dict, Outcome, Status, Value};

use super::wait_for_connection::seconds;
use crate::arguments::{Arguments, refuse_others};
use crate::context::ActionContext;
use crate::effect::Performed;
use crate::remote::Remote;

pub(crate) const OPTIONS: [&str; 9] = [
    "boot_time_command",
    "connect_timeout",
    "msg",
    "post_reboot_delay",
    "pre_reboot_delay",
    "reboot_command",
    "reboot_timeout",
    "search_paths",
    "test_command",
];

/// Where the command is looked for, whatever PATH says.
const SEARCHED: [&str; 5] = ["/sbin", "/bin", "/usr/sbin", "/usr/bin", "/usr/local/sbin"];

/// The longest that one look at the machine may take: it may be gone without a word.
const LOOK: Duration = Duration::from_secs(30);

/// The longest pause between two looks.
const PAUSE: Duration = Duration::from_secs(12);

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    if context.remote.is_local() {
        let message = "Running reboot with local connection would reboot the control node.";
        let outcome = Outcome::failed(message).with("elapsed", 0).with("rebooted", false);
        return Ok(outcome.into());
    }
    if context.mode == Mode::Check {
        return Ok(Outcome::changed().with("elapsed", 0).with("rebooted", true).into());
    }
    refuse_others("reboot", &args, &OPTIONS)?;
    let plan = Plan::new(args)?;
    let before = plan.boot_time(context)?;
    let mut warnings = Vec::new();
    let command = plan.command(context, &mut warnings)?;
    let begun = Instant::now();
    plan.go_down(context, &command)?;
    context.sleep(plan.after);
    let timed_out = |what: &str| {
        let message = format!("Timed out waiting for {what} (timeout={})", plan.timeout.as_secs());
        let outcome = Outcome::failed(message).with("elapsed", elapsed(begun));
        Performed::from(outcome.with("rebooted", true))
    };
    let is_up = |outcome: &Outcome| {
        let told = outcome.text("stdout").unwrap_or_default().trim();
        outcome.is_good() && !told.is_empty() && told != before
    };
    if !plan.until(context, &plan.boot_time_command, is_up) {
        return Err(timed_out("last boot time check"));
    }
    if !plan.until(context, &plan.test_command, Outcome::is_good) {
        return Err(timed_out("post-reboot test command"));
    }
    let outcome = Outcome::changed().with("elapsed", elapsed(begun)).with("rebooted", true);
    Ok(match warnings.is_empty() {
        true => outcome.into(),
        false => outcome.with("warnings", warnings).into(),
    })
}

fn elapsed(begun: Instant) -> Value {
    Value::Int(i64::try_from(begun.elapsed().as_secs()).unwrap_or(i64::MAX))
}

/// What the arguments want.
struct Plan {
    boot_time_command: String,
    test_command: String,
    reboot_command: Option<String>,
    message: String,
    paths: Value,
    before: Duration,
    after: Duration,
    timeout: Duration,
}

impl Plan {
    fn new(args: Dict) -> Result<Plan, Performed> {
        let (before, after) =
            (seconds(&args, "pre_reboot_delay", 0)?, seconds(&args, "post_reboot_delay", 0)?);
        let timeout = seconds(&args, "reboot_timeout", 600)?;
        let args = Arguments::unchecked(args);
        let text = |name: &str, default: &str| {
            args.text(name).map_or_else(|| default.to_owned(), |text| text.to_string())
        };
        Ok(Plan {
            boot_time_command: text("boot_time_command", "cat /proc/sys/kernel/random/boot_id"),
            test_command: text("test_command", "whoami"),
            reboot_command: args.text("reboot_command").map(|text| text.to_string()),
            message: text("msg", "Reboot initiated by Ansible"),
            paths: search_paths(args.get("search_paths"))?,
            before,
            after,
            timeout,
        })
    }

    /// What the machine says of its last start.
    fn boot_time(&self, context: &ActionContext<'_>) -> Result<String, Performed> {
        let outcome = shell(context.remote, &self.boot_time_command);
        if outcome.is_good() {
            return Ok(outcome.text("stdout").unwrap_or_default().trim().to_owned());
        }
        if !outcome.values.contains("rc") {
            return Err(outcome.into());
        }
        let text = |key: &str| outcome.values.get(key).map(Value::to_text).unwrap_or_default();
        let message = format!(
            "reboot: failed to get host boot time info, rc: {}, stdout: {}, stderr: {}",
            text("rc"),
            text("stdout"),
            text("stderr")
        );
        Err(Outcome::failed(message.trim_end()).with("reboot", false).into())
    }

    /// The line that reboots: the user's own, or `shutdown` with the message.
    fn command(
        &self,
        context: &ActionContext<'_>,
        warnings: &mut Vec<Value>,
    ) -> Result<String, Performed> {
        let Some(own) = &self.reboot_command else {
            let program = self.find(context, "shutdown", warnings)?;
            let (minutes, message) = (self.before.as_secs() / 60, quoted(&self.message));
            return Ok(format!("{} -r {minutes} {message}", quoted(&program)));
        };
        let own = own.trim();
        let (name, rest) = own.split_once(char::is_whitespace).unwrap_or((own, ""));
        if name.starts_with('/') {
            return Ok(own.to_owned());
        }
        let program = self.find(context, name, warnings)?;
        Ok(format!("{} {rest}", quoted(&program)))
    }

    fn find(
        &self,
        context: &ActionContext<'_>,
        name: &str,
        warnings: &mut Vec<Value>,
    ) -> Result<String, Performed> {
        let mut args = Dict::new();
        args.insert("paths", self.paths.clone());
        args.insert("patterns", Value::from(vec![name]));
        args.insert("file_type", Value::from("any"));
        let outcome = context.remote.run("ansible.legacy.find", args);
        if !outcome.is_good() {
            return Err(Performed::module(outcome));
        }
        if let Some(Value::List(told)) = outcome.values.get("warnings") {
            warnings.extend(told.iter().cloned());
        }
        let first = match outcome.values.get("files") {
            Some(Value::List(files)) => files.iter().next().cloned(),
            _ => None,
        };
        let path = first.as_ref().and_then(Value::as_dict).and_then(|file| file.get("path"));
        path.and_then(Value::as_str).map(str::to_owned).ok_or_else(|| {
            let paths = self.paths.repr();
            let message = format!("Unable to find command \"{name}\" in search paths: {paths}");
            Performed::raised(message, None, None)
        })
    }

    /// Runs the command. A machine that goes away meanwhile does what it should.
    fn go_down(&self, context: &ActionContext<'_>, command: &str) -> Result<(), Performed> {
        let start = iso(context.effects.now());
        let outcome = shell(&context.remote.within(self.timeout.max(LOOK)), command);
        context.remote.forget();
        if outcome.is_good() || !outcome.values.contains("rc") {
            return Ok(());
        }
        let text = |key: &str| outcome.text(key).unwrap_or_default().trim().to_owned();
        let (out, err) = (text("stdout"), text("stderr"));
        let message = format!("Reboot command failed. Error was: '{out}, {err}'");
        let outcome = Outcome::failed(message).with("elapsed", 0).with("rebooted", false);
        Err(outcome.with("start", start).into())
    }

    /// Runs a command again and again, each time over a connection of its own, until it gives what
    /// is wanted.
    fn until(
        &self,
        context: &ActionContext<'_>,
        command: &str,
        is_wanted: impl Fn(&Outcome) -> bool,
    ) -> bool {
        let begun = Instant::now();
        let mut pause = Duration::from_secs(1);
        loop {
            let outcome = shell(&context.remote.within(LOOK), command);
            if is_wanted(&outcome) {
                return true;
            }
            if begun.elapsed() >= self.timeout || context.is_cancelled() {
                return false;
            }
            context.remote.forget();
            context.sleep(pause.min(self.timeout.saturating_sub(begun.elapsed())));
            pause = (pause * 2).min(PAUSE);
        }
    }
}

/// A line through the target's shell.
fn shell(remote: &Remote<'_>, line: &str) -> Outcome {
    let mut args = Dict::new();
    args.insert("_raw_params", Value::from(line));
    let mut outcome = remote.run("ansible.builtin.raw", args);
    // That nothing came back isn't that it failed.
    if outcome.status == Status::Unreachable {
        outcome.values.remove("rc");
    }
    outcome
}

/// A time as Python's `isoformat` writes it.
fn iso(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let moment = Moment::from_microseconds(i128::try_from(since.as_micros()).unwrap_or_default());
    DateTime { moment, offset: Some(0) }.iso("T")
}

fn search_paths(given: Option<&Value>) -> Result<Value, Performed> {
    match given {
        None => Ok(Value::from(SEARCHED.to_vec())),
        Some(text @ Value::Str(_)) => Ok(Value::from(vec![text.clone()])),
        Some(list @ Value::List(items)) if items.iter().all(|item| item.as_str().is_some()) => {
            Ok(list.clone())
        }
        Some(other) => {
            let shown = other.repr();
            let message =
                format!("'search_paths' must be a string or flat list of strings, got {shown}");
            Err(Performed::raised(message, None, Some(String::new())))
        }
    }
}
