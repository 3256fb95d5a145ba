//! What a foreign module returned, as results are here: ansible-core's module_utils mark warnings, deprecations
//! and errors with types of their own, which become texts and plain dicts. Must not know how modules run.

use nafal_base::outcome::NO_TRACEBACK;
use nafal_base::{Cause, Dict, Key, Outcome, Value};

use crate::effect::{Failure, Performed};
use crate::module_settings::ModuleSettings;
use crate::python::remedy;

/// How Python begins where something came from.
const TRACEBACK: &str = "Traceback (most recent call last):";

/// The outcome as any other, and who failed. `module` is the name that Python imported it by.
pub fn performed(mut outcome: Outcome, module: &str, settings: &ModuleSettings) -> Performed {
    outcome.values.remove("_ansible_parsed");
    refuse_facts(&mut outcome);
    let outcome = plain(outcome, module);
    let values = &outcome.values;
    let exception = values.get("exception").filter(|value| value.as_dict().is_some());
    let reason = exception.map(summary);
    let steps = exception.map(steps).unwrap_or_default();
    let message = outcome.text("msg").map(str::to_owned);
    let broken = message.as_deref().and_then(remedy);
    let mut performed = Performed::module(outcome);
    if settings.tracebacks.contains(&"error") {
        note_traceback(&mut performed.outcome);
    }
    let values = &mut performed.outcome.values;
    match (reason, message) {
        (_, Some(message)) if broken.is_some() => {
            let hint = broken.map(str::to_owned);
            performed.failure = Failure::Broken(Cause { message, span: None, hint });
        }
        // The module itself crashed: nothing but the reason is known.
        (Some(_), None) => {
            values.remove("exception");
            performed.failure = Failure::Raised(steps);
        }
        // A reason of several steps can't stand behind the module's own words.
        (Some(_), Some(_)) if steps.len() > 1 => {
            values.remove("exception");
            performed.failure = Failure::Raised(steps);
        }
        // The reason stands behind the module's own words, unless it says the same.
        (Some(reason), Some(message)) if reason != message => {
            let said = format!("{}: ", message.trim_end().trim_end_matches('.'));
            let reason = reason.strip_prefix(&said).unwrap_or(&reason).to_owned();
            values.insert("exception", Value::from(reason));
        }
        (Some(_), Some(_)) => {
            values.remove("exception");
        }
        // What it says of its own crash is no part of the message (case `module-warnings`).
        (None, _) if values.contains("exception") && !module.is_empty() => {
            values.insert("exception", Value::from(NO_TRACEBACK));
        }
        (None, _) => {}
    }
    performed
}

/// Warnings and deprecations as plain texts and dicts.
pub(crate) fn plain(mut outcome: Outcome, module: &str) -> Outcome {
    for (message, help) in helps(&outcome.values) {
        outcome.note_help(&message, &help);
    }
    let values = &mut outcome.values;
    if let Some(Value::List(warnings)) = values.get("warnings") {
        let mut texts: Vec<Value> = Vec::new();
        for text in warnings.iter().map(|warning| Value::from(summary(warning))) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        values.insert("warnings", Value::from(texts));
    }
    if let Some(Value::List(deprecations)) = values.get("deprecations") {
        let plain: Vec<Value> =
            deprecations.iter().map(|entry| deprecation(entry, module)).collect();
        values.insert("deprecations", Value::from(plain));
    }
    outcome
}

/// What its warnings and deprecations say to do, with their messages.
fn helps(values: &Dict) -> Vec<(String, String)> {
    let told =
        ["warnings", "deprecations"].into_iter().filter_map(|key| values.get(key)?.as_list());
    let with_help = |entry: &Value| {
        let help = entry.as_dict()?.get("event")?.as_dict()?.get("help_text")?.as_str()?.to_owned();
        (!help.is_empty()).then(|| (summary(entry), help))
    };
    told.flat_map(|entries| entries.iter().filter_map(with_help)).collect()
}

/// Takes out the facts that only nafal itself finds: no module says what runs the next (case `python-discovery`).
fn refuse_facts(outcome: &mut Outcome) {
    let is_refused = |key: &Key| {
        let name = key.as_str().unwrap_or_default();
        name.strip_prefix("ansible_").unwrap_or(name).starts_with("discovered_interpreter_")
    };
    if let Some(Value::Dict(facts)) = outcome.values.get("ansible_facts")
        && facts.keys().any(is_refused)
    {
        let kept = facts.iter().filter(|(key, _)| !is_refused(key));
        let kept: Dict = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
        outcome.values.insert("ansible_facts", Value::Dict(kept));
    }
}

/// A summary's message with those of what caused it; anything else as text.
fn summary(value: &Value) -> String {
    match value.as_dict().and_then(|dict| dict.get("event")) {
        Some(event) => event_text(event),
        None => value.to_text().into_owned(),
    }
}

/// The traceback of a summary, which modules that are asked for it tell; of one that failed without an exception it is
/// a text (case `module-tracebacks`).
fn traceback(value: &Value) -> Option<String> {
    match value {
        Value::Dict(summary) => event_traceback(summary.get("event")?),
        other => other.as_str().filter(|text| text.contains(TRACEBACK)).map(str::to_owned),
    }
}

/// The tracebacks of an event and of what caused it, the deepest first.
fn event_traceback(event: &Value) -> Option<String> {
    let event = event.as_dict()?;
    let text = |dict: &Dict, key: &str| dict.get(key)?.as_str().map(str::to_owned);
    let own = text(event, "formatted_traceback").filter(|text| !text.is_empty());
    let chain = event.get("chain").and_then(Value::as_dict);
    let inner = chain.and_then(|chain| event_traceback(chain.get("event")?));
    match (inner, own) {
        (Some(inner), Some(own)) => {
            let reason =
                chain.and_then(|chain| text(chain, "traceback_reason")).unwrap_or_default();
            Some(format!("{}\n\n{reason}\n\n{own}", inner.trim_end()))
        }
        (inner, own) => own.or(inner),
    }
}

/// What the module says, or what Python itself said of one that didn't come to tell its result.
fn note_traceback(outcome: &mut Outcome) {
    let told = outcome.values.get("exception").and_then(traceback);
    let printed = || {
        let said = outcome.text("module_stderr")?;
        Some(said[said.find(TRACEBACK)?..].to_owned())
    };
    if let Some(text) = told.or_else(printed) {
        outcome.note_traceback(text);
    }
}

/// An event with what caused it, the outermost first, as far as that is part of what is told.
fn followed(event: Option<&Value>) -> impl Iterator<Item = &Dict> {
    std::iter::successors(event.and_then(Value::as_dict), |event| {
        let chain = event.get("chain").and_then(Value::as_dict).filter(|_| !has_context(event));
        chain?.get("event")?.as_dict()
    })
}

/// Whether it came up while another exception was handled, which then is no part of what is told.
fn has_context(event: &Dict) -> bool {
    let follow = event.get("chain").and_then(Value::as_dict).and_then(|chain| chain.get("follow"));
    follow.is_some_and(|follow| !follow.is_true())
}

fn message(event: &Dict) -> String {
    event.get("msg").map(|text| text.to_text().into_owned()).unwrap_or_default()
}

fn event_text(event: &Value) -> String {
    brief(followed(Some(event)).map(message).collect())
}

/// The steps of a failure: the events of an exception, joined as far as they can be. One that came up while another was
/// handled begins a step (case `module-raised-context`).
fn steps(exception: &Value) -> Vec<Cause> {
    let mut steps: Vec<Vec<String>> = vec![vec!["Module failed".to_owned()]];
    for event in followed(exception.as_dict().and_then(|summary| summary.get("event"))) {
        match steps.last_mut().filter(|_| !has_context(event)) {
            Some(step) => step.push(message(event)),
            None => steps.push(vec![message(event)]),
        }
    }
    // What has a remedy, though none is known, is shown by itself.
    let hints = std::iter::once(None).chain(std::iter::repeat(Some(String::new())));
    let causes = steps.into_iter().map(brief).zip(hints);
    causes.map(|(message, hint)| Cause { message, span: None, hint }).collect()
}

/// Messages, each with its cause behind it.
fn brief(messages: Vec<String>) -> String {
    let deepest_first = messages.into_iter().rev();
    deepest_first.reduce(|deeper, text| joined(&text, &deeper)).unwrap_or_default()
}

/// A message with its cause, which it may end with already.
fn joined(text: &str, deeper: &str) -> String {
    match text.ends_with(deeper) {
        true => text.to_owned(),
        false => format!("{}: {deeper}", text.trim_end_matches('.')),
    }
}

/// A deprecation as plain keys, with the module as its source where it names none.
fn deprecation(value: &Value, module: &str) -> Value {
    let Some(entry) = value.as_dict() else { return value.clone() };
    if !entry.contains("event") {
        // Written by hand: a collection's, or nobody's (case `module-warnings`).
        let name = entry.get("collection_name").filter(|name| !name.is_none());
        let source = name.map(|name| ("resolved_name", name.clone()));
        let mut plain = entry.clone();
        plain.insert("deprecator", Value::Dict(source.into_iter().collect()));
        return Value::Dict(plain);
    }
    let source = entry.get("deprecator").and_then(Value::as_dict);
    let named = source.and_then(|source| source.get("resolved_name")).and_then(Value::as_str);
    // Most say themselves what they are; a collection alone has no kind.
    let kind = source.and_then(|source| source.get("type")).and_then(Value::as_dict);
    let kind = kind.and_then(|kind| kind.get("value")).and_then(Value::as_str);
    let (name, kind) = match named {
        Some(name) => (Some(name), kind),
        // An action plugin may be nobody's.
        None if module.is_empty() => (None, None),
        None => (Some(module), Some("module")),
    };
    let collection = name.map(|name| match kind {
        Some(_) => name.rsplit_once('.').map_or(name, |(package, _)| package),
        None => name,
    });
    let text = |text: Option<&str>| text.map(Value::from).unwrap_or_default();
    let deprecator: Dict =
        [("resolved_name", text(name)), ("type", text(kind))].into_iter().collect();
    let mut plain: Dict = [
        ("msg", Value::from(summary(value))),
        ("collection_name", text(collection)),
        ("deprecator", Value::Dict(deprecator)),
    ]
    .into_iter()
    .collect();
    let when = |key: &str| entry.get(key).filter(|when| !when.is_none()).cloned();
    match when("date") {
        Some(date) => plain.insert("date", date),
        None => plain.insert("version", when("version").unwrap_or_default()),
    };
    Value::Dict(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(json: &str) -> Outcome {
        Outcome::from_result(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn marked_types_become_plain() {
        let json = r#"{"x": 1, "warnings": [{"event": {"msg": "w", "__ansible_type": "Event"}}],
            "deprecations": [{"event": {"msg": "d"}, "deprecator": {"resolved_name": null}, "version": "9"}]}"#;
        let done = performed(outcome(json), "ansible.legacy.m", &ModuleSettings::default());
        let shown = Value::Dict(done.outcome.values).repr();
        assert_eq!(
            shown,
            "{'x': 1, 'warnings': ['w'], 'deprecations': [{'msg': 'd', 'collection_name': 'ansible.legacy', \
             'deprecator': {'resolved_name': 'ansible.legacy.m', 'type': 'module'}, 'version': '9'}]}"
        );
    }

    #[test]
    fn crashes_and_reasons() {
        let crash = performed(
            outcome(r#"{"failed": true, "exception": {"event": {"msg": "boom"}}}"#),
            "m",
            &ModuleSettings::default(),
        );
        assert!(
            matches!(&crash.failure, Failure::Raised(causes) if causes[0].message == "Module failed: boom")
        );
        let json = r#"{"failed": true, "msg": "no", "exception": {"event": {"msg": "no", "chain": {"event": {"msg": "why"}}}}}"#;
        let failed = performed(outcome(json), "m", &ModuleSettings::default());
        assert_eq!(failed.failure, Failure::Module);
        assert_eq!(failed.outcome.text("exception"), Some("why"));
        let json = json.replace("\"no\"", "\"no.\"");
        assert_eq!(
            performed(outcome(&json), "m", &ModuleSettings::default()).outcome.text("exception"),
            Some("why")
        );
    }
}
