//! One run: what the kernel has loaded, and the tool that changes it. Must not know the files for booting.

use nafal_base::Outcome;

use super::super::command;
use super::boot::Boot;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::tools::Gave;
use crate::files::{Failure, Result};

/// The module's function.
pub fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let name = args.required_text("name");
    let tool = ctx.tool("modprobe")?;
    let is_wanted = args.required_text("state") == "present";
    let mut changed = is_loaded(args)? != is_wanted;
    if changed {
        let words = words(args, ctx, is_wanted)?;
        let gave = ctx.run_tool(&tool, &words)?;
        if gave.code != 0 {
            return Err(refused(args, gave));
        }
    }
    let boot = Boot { ctx, name };
    changed |= match args.required_text("persistent") {
        "present" => boot.add(args.required_text("params"))?,
        "absent" => boot.remove()?,
        _ => false,
    };
    let mut outcome = Outcome::ok().changed_if(changed);
    for (key, value) in told(args) {
        outcome = outcome.with(key, value);
    }
    Ok(outcome)
}

fn told(args: &Arguments) -> impl Iterator<Item = (&'static str, &str)> {
    ["name", "params", "state"].into_iter().map(|key| (key, args.required_text(key)))
}

/// What the tool is asked; in check mode it only says whether it could.
fn words(args: &Arguments, ctx: &Ctx, is_wanted: bool) -> Result<Vec<String>> {
    let name = args.required_text("name").to_owned();
    let dry = ctx.is_check().then(|| "-n".to_owned());
    if !is_wanted {
        return Ok(["-r".to_owned(), name].into_iter().chain(dry).collect());
    }
    let parameters = command::split(args.required_text("params"))
        .ok_or_else(|| Failure::raised(["No closing quotation"]))?;
    Ok(dry.into_iter().chain([name]).chain(parameters).collect())
}

fn refused(args: &Arguments, gave: Gave) -> Failure {
    let failure = Failure::new(gave.stderr.as_str())
        .with("rc", gave.code)
        .with("stdout", gave.stdout)
        .with("stderr", gave.stderr);
    told(args).fold(failure, |failure, (key, value)| failure.with(key, value))
}

/// Whether the kernel has it, loaded or built in.
fn is_loaded(args: &Arguments) -> Result<bool> {
    let name = args.required_text("name");
    let read = |path: &str| {
        std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).map_err(
            |error| {
                let failure = Failure::new(errno_text(&error, Some(path)));
                told(args).fold(failure, |failure, (key, value)| failure.with(key, value))
            },
        )
    };
    // The kernel's own names have no dashes.
    let known = name.replace('-', "_");
    let loaded = read("/proc/modules")?;
    if loaded.lines().any(|line| line.split_whitespace().next() == Some(&known)) {
        return Ok(true);
    }
    let release = rustix::system::uname().release().to_string_lossy().into_owned();
    let built_in = read(&format!("/lib/modules/{release}/modules.builtin"))?;
    let file = format!("/{name}.ko");
    Ok(built_in.lines().any(|line| line.trim_end().ends_with(&file)))
}
