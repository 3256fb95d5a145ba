//! Warnings and deprecations that a module returned.

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
        let Some(Value::List(items)) = result.outcome.values.get(key) else { continue };
        for item in items {
            let text = match item {
                Value::Dict(dict) => deprecation::sentence(dict),
                other => other.to_text().into_owned(),
            };
            if !told.contains(&text) {
                terminal.diagnose(Stream::Err, &Diagnostic::new(severity, text));
            }
        }
    }
}
