//! What is installed, as dpkg knows it. Must not know what could be.

use std::collections::HashMap;

use super::tools::run;
use crate::ctx::Ctx;
use crate::files::Result;

/// How far a package is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is there.
    Installed,
    /// Its settings are there still.
    Settings,
}

/// A package that dpkg knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Its version.
    pub version: String,
    /// How far it is there.
    pub state: State,
}

/// What dpkg knows, by name and by `name:architecture`; patterns are taken, what it doesn't know isn't
/// in it.
pub fn installed(ctx: &Ctx, names: &[&str]) -> Result<HashMap<String, Installed>> {
    let mut found = HashMap::new();
    let names: Vec<&str> =
        names.iter().filter(|name| !name.is_empty() && !name.starts_with('-')).copied().collect();
    if names.is_empty() {
        return Ok(found);
    }
    let format =
        "-f=${Package}\\t${Architecture}\\t${Version}\\t${db:Status-Status}\\t${Multi-Arch}\\n";
    let words = [&["dpkg-query", "-W", format, "--"][..], &names].concat();
    let gave = run(ctx, &words)?;
    for line in gave.stdout.lines() {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let (name, architecture, version, status) = (next(), next(), next(), next());
        let state = match status {
            "installed" | "triggers-awaited" | "triggers-pending" => State::Installed,
            "config-files" | "unpacked" | "half-configured" | "half-installed" => State::Settings,
            _ => continue,
        };
        let package = Installed { version: version.to_owned(), state };
        found.insert(format!("{name}:{architecture}"), package.clone());
        // Of several architectures, the one that is there stands for the name.
        let slot = found.entry(name.to_owned()).or_insert_with(|| package.clone());
        if slot.state != State::Installed {
            *slot = package;
        }
    }
    Ok(found)
}
