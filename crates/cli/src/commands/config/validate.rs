//! `validate`: what is written in a file or in the environment and isn't a setting. Must not know
//! what settings mean.

use std::collections::{HashMap, HashSet};

use nafal_base::{Diagnostic, Dict, Value};
use nafal_engine::{ConfigFile, UsersOptions};
use nafal_output::{Stream, Terminal};

use super::plugins::{Meant, meant};
use crate::arguments::{Validate, ValidateFormat};
use crate::failure::Failure;

/// What a server of Galaxy may have.
const SERVER_KEYS: [&str; 9] = [
    "auth_url",
    "client_id",
    "client_secret",
    "password",
    "timeout",
    "token",
    "url",
    "username",
    "validate_certs",
];

/// Says what is wrong; the exit code.
pub fn run(
    asked: &Validate,
    (file, users): (&ConfigFile, &UsersOptions<'_>),
    terminal: &mut Terminal,
) -> Result<u8, Failure> {
    let meant = meant(&asked.which, users, terminal)?;
    let faults = match asked.format {
        ValidateFormat::Ini => in_file(&meant, file),
        ValidateFormat::Env => in_environment(&meant),
    };
    for fault in &faults {
        terminal.diagnose(Stream::Err, &Diagnostic::error(fault.as_str()));
    }
    if !faults.is_empty() {
        return Ok(1);
    }
    terminal.unlogged(Stream::Out, None, "All configurations seem valid!");
    Ok(0)
}

fn options(meant: &Meant) -> impl Iterator<Item = &Dict> {
    let plugins = meant.kinds.iter().flat_map(|kind| &kind.plugins).map(|plugin| &plugin.options);
    meant.base.iter().chain(plugins).flat_map(|options| options.values().filter_map(Value::as_dict))
}

/// The places of one sort that an option has.
pub fn places<'a>(told: &'a Dict, sort: &str) -> Vec<&'a Dict> {
    let Some(Value::List(places)) = told.get(sort) else { return Vec::new() };
    places.iter().filter_map(Value::as_dict).collect()
}

/// A field of a place.
pub fn field<'a>(place: &'a Dict, name: &str) -> &'a str {
    place.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn in_file(meant: &Meant, file: &ConfigFile) -> Vec<String> {
    let Some(path) = file.path.as_deref().map(|path| path.display().to_string()) else {
        return Vec::new();
    };
    let mut known: HashMap<String, HashSet<String>> = HashMap::new();
    for place in options(meant).flat_map(|told| places(told, "ini")) {
        let section = known.entry(field(place, "section").to_owned()).or_default();
        section.insert(field(place, "key").to_lowercase());
    }
    // Plugins that aren't there have nothing to compare with.
    if known.is_empty() {
        return Vec::new();
    }
    if meant.base.is_some() {
        for server in file.get("galaxy", "server_list").unwrap_or_default().split(',') {
            let keys = SERVER_KEYS.iter().map(|key| (*key).to_owned()).collect();
            known.insert(format!("galaxy_server.{}", server.trim()), keys);
        }
    }
    let mut faults = Vec::new();
    for (section, keys) in file.sections() {
        match known.get(section) {
            Some(known) => faults.extend(keys.into_iter().filter(|key| !known.contains(*key)).map(
                // The open quote is stock's.
                |key| format!("Found unknown key '{key}' in section '{section}' in '{path}."),
            )),
            None => faults.push(format!("Found unknown section '{section}' in '{path}.")),
        }
    }
    faults
}

fn in_environment(meant: &Meant) -> Vec<String> {
    let places = options(meant).flat_map(|told| places(told, "env"));
    let known: HashSet<&str> = places.map(|place| field(place, "name")).collect();
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names
        .filter(|name| name.starts_with("ANSIBLE_") && !known.contains(name.as_str()))
        .filter(|name| name != "ANSIBLE_CONFIG")
        .map(|name| format!("Found unknown environment variable '{name}'."))
        .collect()
}
