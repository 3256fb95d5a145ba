//! `plugin_filters_cfg`: a file of modules that aren't to be found. Must not know who looks for them.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use nafal_base::{Diagnostic, Value};

use super::reader::Reader;
use crate::error::Error;

/// Where the file is when no setting names it; nobody misses it there.
const USUAL: &str = "/etc/ansible/plugin_filters.yml";

/// What the file says.
#[derive(Debug, Default)]
pub(super) struct PluginFilter {
    /// Short names of modules.
    pub rejected: Vec<String>,
    /// Why it says nothing.
    pub fault: Option<Diagnostic>,
}

impl PluginFilter {
    fn faulty(message: String) -> PluginFilter {
        PluginFilter { rejected: Vec::new(), fault: Some(Diagnostic::warning(message)) }
    }
}

/// Reads the file, where there is one.
pub(super) fn read(read: &Reader<'_>) -> Result<PluginFilter, Error> {
    let named = read.path("", "defaults", "plugin_filters_cfg");
    let path = named.clone().unwrap_or_else(|| PathBuf::from(USUAL));
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let missing = || PluginFilter::faulty(told(&path, " does not exist. Skipping."));
            return Ok(named.is_some().then(missing).unwrap_or_default());
        }
        Err(error) => {
            return Err(Error::ReadFile { path, reason: error.to_string() });
        }
    };
    let document = nafal_parser::yaml::decode(bytes)
        .map_err(|error| error.to_string())
        .and_then(|text| nafal_parser::yaml::load_plain(&text).map_err(|error| error.to_string()));
    let found = match document {
        Ok(document) => rejected(&document, &path),
        Err(error) => Err(told(&path, &format!(" was not parsable. Skipping: {error}"))),
    };
    let rejected = match found {
        Ok(rejected) => rejected,
        Err(fault) => return Ok(PluginFilter::faulty(fault)),
    };
    // Nearly every action of stock's looks at files with it.
    if rejected.iter().any(|name| name == "stat") {
        let path = path.display();
        return Err(Error::load(
            Diagnostic::error(format!(
                "The stat module was specified in the module reject list file, {path}, but Ansible \
                 will not function without the stat module.  Please remove stat from the reject list."
            )),
            1,
        ));
    }
    Ok(PluginFilter { rejected, fault: None })
}

fn told(path: &Path, what: &str) -> String {
    format!("The plugin filter file, {}{what}", path.display())
}

/// The names, or why there are none.
fn rejected(document: &Value, path: &Path) -> Result<Vec<String>, String> {
    let at = |key: &str| match document {
        Value::Dict(dict) => dict.get(key),
        _ => None,
    };
    let Some(version) = at("filter_version") else {
        return Err(told(path, " was invalid. Skipping."));
    };
    if version.to_text().trim() != "1.0" {
        let unknown = " was a version not recognized by this version of Ansible. Skipping.";
        return Err(told(path, unknown));
    }
    match at("module_rejectlist") {
        Some(Value::List(names)) => {
            Ok(names.iter().map(|name| name.to_text().into_owned()).collect())
        }
        // Stock takes its letters for names: there is no module of one letter.
        Some(Value::Str(_)) => Ok(Vec::new()),
        _ => Err(format!(
            "Unable to parse the plugin filter file {} as module_rejectlist is not a list. \
             Skipping.",
            path.display()
        )),
    }
}
