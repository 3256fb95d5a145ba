//! Upgrading everything. Must not know single packages.

use nafal_base::Outcome;

use super::options::Task;
use crate::files::{Failure, Result};

/// Upgrades as `mode` says: dist and full may remove packages, yes and safe don't.
pub fn upgrade(task: Task<'_>, mode: &str) -> Result<Outcome> {
    let command = match mode {
        "dist" | "full" => "dist-upgrade",
        _ => "upgrade --with-new-pkgs",
    };
    let mut line = [
        task.apt_get().as_str(),
        task.when("force", "--force-yes"),
        task.when("autoremove", "--auto-remove"),
        task.when("fail_on_autoremove", "--no-remove"),
        task.when("allow_unauthenticated", "--allow-unauthenticated"),
        task.when("allow_downgrade", "--allow-downgrades"),
        task.simulate(),
        command,
    ]
    .join(" ");
    if let Some(release) = task.args.text("default_release") {
        line.push_str(&format!(" -t '{release}'"));
    }
    let gave = task.run(&line)?;
    if !gave.is_good() {
        let message = format!("'/usr/bin/apt-get {command}' failed: {}", gave.stderr);
        return Err(Failure::new(message).with("stdout", gave.stdout).with("rc", gave.code));
    }
    let message = gave.stdout.clone();
    if gave.stdout.contains("0 upgraded, 0 newly installed, 0 to remove") {
        return Ok(Outcome::ok()
            .with("msg", message)
            .with("stdout", gave.stdout)
            .with("stderr", gave.stderr));
    }
    Ok(task.told(Outcome::changed(), &gave).with("msg", message))
}
