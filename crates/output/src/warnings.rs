//! Warnings and deprecations of a result: what its templates told, with places, and what a module returned.

use std::collections::HashSet;

use nafal_base::event::HostResult;
use nafal_base::{Diagnostic, Severity, Value};

use crate::deprecation;
use crate::terminal::{Stream, Terminal};

/// Tells those that weren't told already, with their place.
pub(crate) fn tell(terminal: &mut Terminal, result: &HostResult, told: &HashSet<String>) {
    for (key, severity) in
        [("warnings", Severity::Warning), ("deprecations", Severity::Deprecation)]
    {
        let of_templates = result.told.iter().filter(|one| one.severity == severity);
        of_templates.for_each(|one| terminal.diagnose(Stream::Err, one));
        let Some(Value::List(items)) = result.outcome.values.get(key) else { continue };
        for item in items {
            let (message, text) = match item {
                Value::Dict(dict) => (dict.get("msg").unwrap_or(item), deprecation::sentence(dict)),
                // Stock keeps their ends, and shows none (case `find-skipped-told`).
                other => (other, other.to_text().trim_end().to_owned()),
            };
            if !told.contains(&text) && result.told.iter().all(|one| one.message != text) {
                let help = result.helps.lookup(message).map(|help| format!(" {}", help.to_text()));
                let text = format!("{text}{}", help.unwrap_or_default());
                terminal.diagnose(Stream::Err, &Diagnostic::new(severity, text));
            }
        }
    }
}
