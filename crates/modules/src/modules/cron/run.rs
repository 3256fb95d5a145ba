//! One run: what is wanted of a crontab against what is in it. Must not know where it is kept.

use nafal_base::Outcome;

use super::entries::{Entries, NoSuchVariable, Place};
use super::source::{self, Source};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result, difference};

/// When a job runs, by its single fields.
const TIMES: [&str; 5] = ["minute", "hour", "day", "month", "weekday"];

/// The module's function.
pub fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let file = args.text("cron_file");
    let source = Source::new(ctx, args.text("user"), file)?;
    let before = source.read(ctx)?;
    let is_wanted = args.required_text("state") == "present";
    warn(args, ctx);
    check(args, is_wanted)?;
    let mut entries = Entries::read(&before);
    let changed = if is_wanted { add(args, &mut entries)? } else { remove(args, &mut entries)? };
    let after = entries.text();
    let mut outcome = Outcome::ok().changed_if(changed);
    if let Some(file) = file {
        outcome = outcome.with("cron_file", file);
    }
    let header = source.header();
    // A file goes with its last job, but not with its last variable (module-cron).
    let is_gone = changed && !is_wanted && !args.is("env") && after.trim().is_empty();
    if is_gone && let Source::File(path) = &source {
        source::remove(ctx, path)?;
        outcome = outcome.with("state", "absent");
        return Ok(with_difference(outcome, ctx, (&before, ""), (&header, "/dev/null")));
    }
    outcome = outcome.with("jobs", entries.jobs()).with("envs", entries.variables());
    if !changed {
        return Ok(outcome);
    }
    if !ctx.is_check() {
        if args.is("backup") {
            outcome = outcome.with("backup_file", source::keep(ctx, &before)?);
        }
        source.write(ctx, &after)?;
    }
    Ok(with_difference(outcome, ctx, (&before, &after), (&header, &header)))
}

fn with_difference(
    outcome: Outcome,
    ctx: &Ctx,
    sides: (&str, &str),
    headers: (&str, &str),
) -> Outcome {
    match ctx.wants_diff() {
        true => outcome.with("diff", difference::of_texts(sides, headers)),
        false => outcome,
    }
}

fn warn(args: &Arguments, ctx: &Ctx) {
    let file = args.text("cron_file").unwrap_or_default();
    let name = file.rsplit('/').next().unwrap_or_default();
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
        ctx.warn(format!(
            "Filename portion of cron_file (\"{name}\") should consist solely of upper- and lower-case \
             letters, digits, underscores, and hyphens"
        ));
    }
    if !args.is("env") && args.required_text("job").contains(['\r', '\n']) {
        ctx.warn("Job should not contain line breaks");
    }
}

fn check(args: &Arguments, is_wanted: bool) -> Result<()> {
    let fail = |message: &str| Err(Failure::new(message));
    if args.text("special_time").is_some()
        && TIMES.iter().any(|field| args.required_text(field) != "*")
    {
        return fail(
            "You cannot combine special_time with any of the time or day/date parameters.",
        );
    }
    if !is_wanted {
        return Ok(());
    }
    if args.text("cron_file").is_some() && args.text("user").is_none() {
        return fail("To use cron_file=... parameter you must specify user=... as well");
    }
    if args.text("job").is_none() {
        return fail("You must specify 'job' to install a new cron job or variable");
    }
    let is_placed = args.text("insertafter").or_else(|| args.text("insertbefore")).is_some();
    if is_placed && !args.is("env") {
        return fail("Insertafter and insertbefore parameters are valid only with env=yes");
    }
    Ok(())
}

/// A variable's name, if one is meant.
fn variable(args: &Arguments) -> Result<Option<&str>> {
    let name = args.required_text("name");
    match (args.is("env"), name.contains(' ')) {
        (true, true) => Err(Failure::new("Invalid name for environment variable")),
        (is_variable, _) => Ok(is_variable.then_some(name)),
    }
}

fn add(args: &Arguments, entries: &mut Entries) -> Result<bool> {
    let job = args.required_text("job");
    let Some(name) = variable(args)? else {
        return Ok(entries.set_job(args.required_text("name"), &line(args, job)));
    };
    let place = match (args.text("insertafter"), args.text("insertbefore")) {
        (Some(other), _) => Place::After(other),
        (None, Some(other)) => Place::Before(other),
        (None, None) => Place::Top,
    };
    entries.set_variable(name, job, place).map_err(|NoSuchVariable(other)| {
        Failure::new(format!("Variable named '{other}' not found."))
    })
}

fn remove(args: &Arguments, entries: &mut Entries) -> Result<bool> {
    Ok(match variable(args)? {
        Some(name) => entries.remove_variable(name),
        None => entries.remove_job(args.required_text("name")),
    })
}

/// A job's line. In a file of its own it names its user.
fn line(args: &Arguments, job: &str) -> String {
    let disabled = if args.is("disabled") { "#" } else { "" };
    let time = match args.text("special_time") {
        Some(special) => format!("@{special}"),
        None => TIMES.map(|field| args.required_text(field)).join(" "),
    };
    let user = args.text("user").filter(|_| args.text("cron_file").is_some());
    let user = user.map(|user| format!("{user} ")).unwrap_or_default();
    format!("{disabled}{time} {user}{job}")
}
