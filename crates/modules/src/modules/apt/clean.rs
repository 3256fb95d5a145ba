//! autoremove, autoclean, clean: what isn't needed any more. Must not know what is.

use nafal_base::Outcome;

use super::options::Task;
use crate::files::{Failure, Result};

/// `apt-get clean`.
pub fn clean(task: Task<'_>) -> Result<Outcome> {
    let gave = match task.ctx.is_check() {
        true => crate::debian::Gave::default(),
        false => task.run("/usr/bin/apt-get clean")?,
    };
    if !gave.is_good() {
        return Err(Failure::new("apt-get clean failed")
            .with("stdout", gave.stdout)
            .with("stderr", gave.stderr)
            .with("rc", gave.code));
    }
    Ok(Outcome::changed()
        .with("msg", gave.stdout.as_str())
        .with("stdout", gave.stdout.as_str())
        .with("stderr", gave.stderr))
}

/// `autoremove` or `autoclean`.
pub fn tidy(task: Task<'_>, operation: &str) -> Result<Outcome> {
    let line = format!(
        "{} {} {} {} {operation} {}",
        task.apt_get(),
        task.when("purge", "--purge"),
        task.when("force", "--force-yes"),
        task.when("allow_change_held_packages", "--allow-change-held-packages"),
        task.simulate(),
    );
    let gave = task.run(&line)?;
    if !gave.is_good() {
        let message = format!("'apt-get {operation}' failed: {}", gave.stderr);
        return Err(Failure::new(message)
            .with("stdout", gave.stdout)
            .with("stderr", gave.stderr)
            .with("rc", gave.code));
    }
    let sign = match operation {
        "autoremove" => "The following packages will be REMOVED",
        _ => "Del ",
    };
    let changed = gave.stdout.contains(sign);
    Ok(task.told(Outcome::ok().changed_if(changed), &gave))
}
