//! The Python that a host's modules run under in stock: which one its variables and the settings want, what is
//! made of the one that was found, and of one that isn't there. Must not know how it is looked for.

use std::path::Path;
use std::sync::LazyLock;

use nafal_base::value::string_repr;
use nafal_base::wire::Python;
use nafal_base::{Cause, Dict, HostName, Outcome, Scope, Value};
use nafal_plugins::playbook_python;
use nafal_templating::{Effects, Error, ErrorKind, Renderer};

use crate::arguments::to_names;
use crate::effect::{Effect, Failure, Performed};

/// The fact that names the one that was found.
pub const FACT: &str = "discovered_interpreter_python";

/// Where stock looks (INTERPRETER_PYTHON_FALLBACK).
const FALLBACK: [&str; 8] = [
    "python3.14",
    "python3.13",
    "python3.12",
    "python3.11",
    "python3.10",
    "python3.9",
    "/usr/bin/python3",
    "python3",
];

/// What stock takes where it finds none.
const USUAL: &str = "/usr/bin/python3";

/// How the message of an interpreter that isn't there begins.
pub(crate) const NOT_FOUND: &str = "The module interpreter '";

/// How that of one that can't be run does, and of a module that printed no JSON.
pub(crate) const NO_JSON: &str = "Module result deserialization failed";

/// Who wants a Python to be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Voice {
    /// Nobody: no variable and no setting speaks of it. Nothing is said of a Python that nothing runs under.
    Unasked,
    /// `auto`: what was found is told.
    Told,
    /// `auto_silent`.
    Silent,
}

/// What a host wants.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What its target is asked for.
    pub python: Python,
    voice: Voice,
}

/// The Python on PATH that counts as the playbook's, where there is none: nobody is wrong who names it.
static ABSENT: LazyLock<Option<String>> =
    LazyLock::new(|| Some(playbook_python()).filter(|python| !Path::new(python).exists()));

/// What the variables of this host want, or else the settings.
pub fn wanted(
    scope: &dyn Scope,
    renderer: &Renderer<'_>,
    setting: Option<&str>,
) -> Result<Wanted, Error> {
    let named = match scope.get("ansible_python_interpreter") {
        None => setting.map(str::to_owned),
        // A variable that is nothing speaks against the setting too.
        Some(value) => match renderer.render(&value) {
            Ok(Value::None | Value::Omit) => None,
            Ok(value) => Some(value.to_text().into_owned()),
            Err(error) if matches!(error.kind(), ErrorKind::Omit) => None,
            Err(error) => return Err(error),
        },
    };
    let voice = match named.as_deref() {
        None | Some("") => Voice::Unasked,
        Some("auto") => Voice::Told,
        Some("auto_silent") => Voice::Silent,
        Some(name) => {
            let is_absent = ABSENT.as_deref() == Some(name);
            let of = if is_absent { Python::Known } else { Python::Named };
            return Ok(Wanted { python: of(name.to_owned()), voice: Voice::Silent });
        }
    };
    if let Some(Value::Dict(facts)) = scope.get("ansible_facts")
        && let Some(known) = facts.get(FACT)
    {
        return Ok(Wanted { python: Python::Known(known.to_text().into_owned()), voice });
    }
    let names = match scope.get("ansible_interpreter_python_fallback") {
        None | Some(Value::None) => FALLBACK.map(str::to_owned).to_vec(),
        // A template in it stays one (case `facts-python`).
        Some(value) => to_names(&value),
    };
    Ok(Wanted { python: Python::Discover(names), voice })
}

impl Wanted {
    /// The one that an earlier item of the same task found.
    pub fn known(path: String) -> Wanted {
        Wanted { python: Python::Known(path), voice: Voice::Silent }
    }

    /// What is made of an answer on behalf of this host: the Python that counts as found, and what is said of
    /// it. None where it was nobody's wish that there be one, and there is none.
    pub fn found(&self, host: &HostName, found: &Value) -> Option<(String, Vec<String>)> {
        let Python::Discover(names) = &self.python else { return None };
        let found = found.as_str();
        if found.is_none() && self.voice == Voice::Unasked {
            return None;
        }
        let path = found.unwrap_or(USUAL);
        let mut warnings = Vec::new();
        if self.voice == Voice::Told {
            // Stock asks a shell, which stumbles over these.
            let is_broken = names.is_empty() || names.iter().any(|name| name.contains('\''));
            if is_broken {
                warnings.push(format!(
                    "Unhandled error in Python interpreter discovery for host '{host}': unexpected output from Python interpreter discovery"
                ));
            }
            if found.is_some() || is_broken {
                warnings.push(format!(
                    "Host '{host}' is using the discovered Python interpreter at '{path}', but future installation of another Python interpreter could cause a different interpreter to be discovered."
                ));
            } else {
                let tried: Vec<String> = names.iter().map(|name| string_repr(name)).collect();
                warnings.push(format!(
                    "No python interpreters found for host '{host}' (tried [{}]).",
                    tried.join(", ")
                ));
            }
        }
        Some((path.to_owned(), warnings))
    }
}

/// Adds the fact to a result, and to the facts that it sets.
pub fn tell(path: &str, performed: &mut Performed) {
    let add = |facts: &mut Dict| {
        facts.insert(FACT, Value::from(path));
    };
    let values = &mut performed.outcome.values;
    let mut facts = match values.get("ansible_facts") {
        Some(Value::Dict(facts)) => facts.clone(),
        _ => Dict::new(),
    };
    add(&mut facts);
    values.insert("ansible_facts", Value::Dict(facts));
    for effect in &mut performed.effects {
        if let Effect::Facts(facts) = effect {
            add(facts);
        }
    }
}

/// Whether nothing ran because the Python isn't there or can't be started.
pub(crate) fn is_refusal(outcome: &Outcome) -> bool {
    outcome.is_failed()
        && outcome.values.contains("module_stderr")
        && outcome
            .text("msg")
            .is_some_and(|message| message.starts_with(NOT_FOUND) || message.starts_with(NO_JSON))
}

/// What to do about it, as stock says.
pub(crate) fn remedy(message: &str) -> Option<&'static str> {
    if message.starts_with(NO_JSON) {
        return Some("See stdout/stderr for the returned output.");
    }
    message.starts_with(NOT_FOUND).then_some(
        "Consider overriding the configured interpreter path for this host. See stdout/stderr for the returned output.",
    )
}

/// Words such a failure as stock's actions do: those that look at a file first say that. Refuses what is no text.
pub fn explain(effects: &dyn Effects, action: &str, args: &Dict, performed: &mut Performed) {
    crate::not_text::refuse(effects, performed);
    if !is_refusal(&performed.outcome) {
        return;
    }
    let name = action.strip_prefix("ansible.builtin.").unwrap_or_default();
    let is_remote = args.get("remote_src").is_some_and(Value::is_true);
    let file = match name {
        "copy" if !is_remote => args.get("dest"),
        "template" | "unarchive" => args.get("dest"),
        "fetch" => args.get("src"),
        _ => None,
    };
    let outcome = &mut performed.outcome;
    let Some(file) = file.map(Value::to_text) else {
        let message = outcome.text("msg").unwrap_or_default().to_owned();
        let hint = remedy(&message).map(str::to_owned);
        performed.failure = Failure::Broken(Cause { message, span: None, hint });
        return;
    };
    let said = outcome.text("module_stderr").unwrap_or_default().trim_end();
    let message = format!("Failed to get information on remote file ({file}): {said}");
    *performed = match name {
        "fetch" => Outcome::failed(message).with("file", &*file).into(),
        _ => Performed::raised(message, None, None),
    };
}

#[cfg(test)]
mod tests {
    use nafal_templating::NoEffects;

    use super::*;

    fn found(voice: Voice, names: &[&str], found: &Value) -> Option<(String, Vec<String>)> {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Wanted { python: Python::Discover(names), voice }.found(&HostName::from("h"), found)
    }

    #[test]
    fn what_is_said_of_what_was_found() {
        let path = Value::from("/x/python3");
        let (told, warnings) = found(Voice::Told, &["python3"], &path).unwrap();
        assert_eq!(told, "/x/python3");
        assert!(warnings[0].starts_with("Host 'h' is using the discovered"), "{warnings:?}");
        for voice in [Voice::Silent, Voice::Unasked] {
            assert_eq!(found(voice, &["python3"], &path), Some(("/x/python3".into(), vec![])));
        }
        let (told, warnings) = found(Voice::Told, &["/a", "b"], &Value::None).unwrap();
        assert_eq!(told, USUAL);
        assert_eq!(warnings, ["No python interpreters found for host 'h' (tried ['/a', 'b'])."]);
        assert_eq!(found(Voice::Unasked, &["b"], &Value::None), None);
        assert_eq!(found(Voice::Silent, &["b"], &Value::None), Some((USUAL.into(), vec![])));
        assert_eq!(found(Voice::Told, &["'b"], &Value::None).unwrap().1.len(), 2);
    }

    #[test]
    fn facts_join_others() {
        let facts: Dict = std::iter::once(("a", Value::from(1))).collect();
        let outcome = Outcome::ok().with("ansible_facts", Value::Dict(facts.clone()));
        let mut performed = Performed::module(outcome).effect(Effect::Facts(facts));
        tell("/p", &mut performed);
        let told = performed.outcome.values.get("ansible_facts").unwrap();
        assert_eq!(told.repr(), "{'a': 1, 'discovered_interpreter_python': '/p'}");
        assert!(matches!(&performed.effects[0], Effect::Facts(facts) if facts.contains(FACT)));
    }

    #[test]
    fn actions_that_look_first() {
        let args: Dict = std::iter::once(("dest", Value::from("/d"))).collect();
        let refused = || {
            let outcome = Outcome::failed("The module interpreter '/x' was not found.");
            Performed::module(outcome.with("module_stderr", "/bin/sh: 1: /x: not found\n"))
        };
        let mut ping = refused();
        explain(&NoEffects, "ansible.builtin.ping", &args, &mut ping);
        assert!(matches!(ping.failure, Failure::Broken(Cause { hint: Some(_), .. })));
        let mut copy = refused();
        explain(&NoEffects, "ansible.builtin.copy", &args, &mut copy);
        let Failure::Raised(causes) = copy.failure else { panic!() };
        assert_eq!(
            causes[0].message,
            "Failed to get information on remote file (/d): /bin/sh: 1: /x: not found"
        );
    }
}
