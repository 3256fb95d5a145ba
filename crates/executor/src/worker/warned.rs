//! What templates warned of while a task ran, in its result: as keys for whoever registers it, with places for whoever
//! shows it. Must not know what is warned of.

use std::sync::Arc;

use nafal_base::event::{Disclosure, HostResult};
use nafal_base::{Diagnostic, Dict, Severity, Value, told};

use crate::worker::once::Done;

/// Does a task's work, with what its templates warn of in its result.
pub(crate) fn collected(work: impl FnOnce() -> Done) -> Done {
    let (mut done, told) = told::collect(work);
    add(&mut done.result, told);
    done
}

/// Adds it, before what the module itself warned of (case `register-template-warnings`).
fn add(result: &mut HostResult, mut told: Vec<Diagnostic>) {
    if result.disclosure == Disclosure::Censored {
        // Stock shows them; but they may quote a value that is secret. Those of a variable's name have its place.
        told.retain(|one| one.span.is_some());
    }
    if told.is_empty() {
        return;
    }
    let outcome = Arc::make_mut(&mut result.outcome);
    for (key, severity) in
        [("warnings", Severity::Warning), ("deprecations", Severity::Deprecation)]
    {
        let of_module = outcome.values.get(key).and_then(Value::as_list);
        // `debug` says itself what its template told.
        let is_new =
            |entry: &Value| of_module.is_none_or(|known| known.iter().all(|one| one != entry));
        let of_kind = told.iter().filter(|one| one.severity == severity).map(entry);
        let entries = of_kind.filter(is_new).collect();
        outcome.put_before(key, entries);
    }
    result.told = told;
}

fn entry(told: &Diagnostic) -> Value {
    if told.severity != Severity::Deprecation {
        return Value::text(&*told.message);
    }
    let (what, version) = match told.deprecated() {
        Some((what, version)) => (what, Value::text(version)),
        None => (told.message.as_str(), Value::None),
    };
    let deprecator: Dict =
        [("resolved_name", Value::from("ansible.builtin")), ("type", Value::None)]
            .into_iter()
            .collect();
    let entry: Dict = [
        ("msg", Value::text(what)),
        ("collection_name", Value::from("ansible.builtin")),
        ("version", version),
        ("deprecator", Value::Dict(deprecator)),
    ]
    .into_iter()
    .collect();
    Value::Dict(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries() {
        let told = Diagnostic::deprecation("It goes.", "2.23");
        let Value::Dict(entry) = entry(&told) else { panic!("no dict") };
        assert_eq!(entry.get("msg"), Some(&Value::from("It goes.")));
        assert_eq!(entry.get("version"), Some(&Value::from("2.23")));
        assert_eq!(super::entry(&Diagnostic::warning("w")), Value::from("w"));
    }
}
