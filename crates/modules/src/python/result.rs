//! What a foreign module printed, as an outcome. Must not know how it was run.

use nafal_base::value::json_read::read_noting;
use nafal_base::{Dict, Outcome, Value};

/// How a foreign module ended.
#[derive(Debug, Default)]
pub struct Printed {
    /// Its exit code; minus the signal that ended it.
    pub code: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

/// What is said of a module that printed no JSON; scripts look for it.
pub const NO_JSON: &str = "Module result deserialization failed: No start of json char found";
const BROKEN: &str = "Module result deserialization failed: ";
const NO_START: &str = "No start of json char found";
/// How the types of values begin that have something noted on them.
const TAGGED: &str = "_AnsibleTagged";
const NO_END: &str = "No end of json char found";

/// The outcome: the JSON that it printed, with lines before and behind it left out, else a failure that shows
/// all. The exit code counts for nothing where there is JSON, as in stock.
pub fn outcome(printed: &Printed) -> Outcome {
    told(printed).unwrap_or_else(|why| broken(printed, &why))
}

/// What the JSON says, where there is some.
fn told(printed: &Printed) -> Result<Outcome, String> {
    let (Value::Dict(mut values), noise) = json(&printed.stdout)? else {
        return Err(NO_START.to_owned());
    };
    if printed.stdout.contains(TAGGED) {
        values = values.iter().map(|(key, value)| (key.clone(), untagged(value))).collect();
    }
    let mut outcome = Outcome::from_result(values);
    if let Some(noise) = noise {
        let warning = format!("Module invocation had junk after the JSON data: {noise}");
        let known = outcome.values.get("warnings").and_then(Value::as_list).cloned();
        let mut warnings = known.unwrap_or_default();
        warnings.push(Value::from(warning));
        outcome.values.insert("warnings", Value::List(warnings));
    }
    Ok(outcome)
}

/// The value without what a module notes on it, as that it is deprecated: what is noted goes.
fn untagged(value: &Value) -> Value {
    match value {
        Value::Dict(dict) => {
            let kind = dict.get("__ansible_type").and_then(Value::as_str);
            let tagged = kind.is_some_and(|kind| kind.starts_with(TAGGED));
            if let Some(value) = dict.get("value").filter(|_| tagged) {
                return untagged(value);
            }
            let entries = dict.iter().map(|(key, value)| (key.clone(), untagged(value)));
            Value::Dict(entries.collect())
        }
        Value::List(items) => Value::List(items.iter().map(untagged).collect()),
        other => other.clone(),
    }
}

/// The outcome of a job: with what it wrote on its standard error, as its file has in stock.
pub fn in_job(printed: &Printed) -> Outcome {
    let Ok(mut outcome) = told(printed) else {
        return Outcome::failed(format!("ValueError: {NO_START}"))
            .with("data", printed.stdout.as_str())
            .with("stderr", printed.stderr.as_str());
    };
    if !printed.stderr.is_empty() {
        outcome.values.insert("stderr", Value::from(printed.stderr.as_str()));
    }
    outcome
}

/// Names the module in its deprecations: whoever reads a job's file knows no module.
pub fn deprecated_by(module: &str, outcome: &mut Outcome) {
    let Some(Value::List(deprecations)) = outcome.values.get("deprecations") else { return };
    let named = deprecations.iter().map(|entry| {
        let Some(entry) = entry.as_dict().filter(|entry| entry.contains("event")) else {
            return entry.clone();
        };
        let source = entry.get("deprecator").and_then(Value::as_dict);
        let name = source.and_then(|source| source.get("resolved_name"));
        if name.is_some_and(|name| !name.is_none()) {
            return Value::Dict(entry.clone());
        }
        let kind: Dict = std::iter::once(("value", Value::from("module"))).collect();
        let source: Dict = [("resolved_name", Value::from(module)), ("type", Value::Dict(kind))]
            .into_iter()
            .collect();
        let mut entry = entry.clone();
        entry.insert("deprecator", Value::Dict(source));
        Value::Dict(entry)
    });
    let named = Value::from(named.collect::<Vec<_>>());
    outcome.values.insert("deprecations", named);
}

/// The object in a text, and what stands behind it; else what is wrong, in Python's words. It begins and ends
/// with a line (case `module-odd-results`).
fn json(text: &str) -> Result<(Value, Option<String>), String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let is_start = |line: &&str| line.trim_start().starts_with('{');
    let first = lines.iter().position(is_start).ok_or(NO_START)?;
    let is_end = |line: &&str| line.trim_end().ends_with('}');
    let last = lines.iter().skip(first).rposition(is_end).ok_or(NO_END)?;
    let (told, behind) = lines.split_at(first + last + 1);
    let told: String = told.iter().skip(first).copied().collect();
    let behind: String = behind.concat();
    let behind = Some(behind.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let value = match serde_json::from_str(&told) {
        Ok(value) => value,
        Err(_) => {
            // Python's numbers that are none (case `module-not-a-number`).
            let (value, lone) = read_noting(told.trim_end())?;
            if lone.is_some() {
                return Err(NO_START.to_owned());
            }
            value
        }
    };
    Ok((value, behind))
}

fn broken(printed: &Printed, why: &str) -> Outcome {
    Outcome::failed(format!("{BROKEN}{why}"))
        .with("module_stdout", printed.stdout.as_str())
        .with("module_stderr", printed.stderr.as_str())
        .with("rc", i64::from(printed.code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(stdout: &str, code: i32, expected: &str) {
        let printed = Printed { code, stdout: stdout.to_owned(), stderr: String::new() };
        assert_eq!(Value::Dict(outcome(&printed).to_result()).repr(), expected);
    }

    #[test]
    fn what_modules_print() {
        check("{\"changed\": true, \"a\": [1]}\n", 0, "{'a': [1], 'changed': True}");
        check("noise\n{\"a\": 1}", 0, "{'a': 1, 'changed': False}");
        check(
            "{\"msg\": \"m\", \"failed\": true}",
            1,
            "{'msg': 'm', 'changed': False, 'failed': True}",
        );
        check("{\"a\": [NaN, -Infinity]}\n", 0, "{'a': [nan, -inf], 'changed': False}");
        check("{\"a\": 1}", 3, "{'a': 1, 'changed': False}");
    }

    #[test]
    fn notes_on_values() {
        let text = r#"{"a": [{"__ansible_type": "_AnsibleTaggedDict", "tags": [], "value": {"b": {"__ansible_type": "_AnsibleTaggedStr", "value": "c"}}}]}"#;
        check(text, 0, "{'a': [{'b': 'c'}], 'changed': False}");
    }

    #[test]
    fn where_json_begins_and_ends() {
        let why = |text: &str| json(text).unwrap_err();
        assert_eq!(why("{\"a\": 1} more"), NO_END);
        assert_eq!(why("more {\"a\": 1}"), NO_START);
        assert_eq!(why("x\n{\"a\": 1}{}\n"), "Extra data: line 1 column 9 (char 8)");
        let (_, behind) = json("x\n{\n\"a\": 1\n}\nmore\n").unwrap();
        assert_eq!(behind.as_deref(), Some("more"));
    }

    #[test]
    fn what_jobs_print() {
        let text = r#"{"deprecations": [{"event": {"msg": "d"}, "deprecator": {"resolved_name": null}}, {"event": {}, "deprecator": {"resolved_name": "a.b"}}]}"#;
        let mut printed = Printed { code: 0, stdout: text.to_owned(), stderr: "e".to_owned() };
        let mut outcome = in_job(&printed);
        deprecated_by("ansible.legacy.m", &mut outcome);
        assert_eq!(outcome.text("stderr"), Some("e"));
        let shown = outcome.values.get("deprecations").unwrap().repr();
        assert_eq!(
            shown,
            "[{'event': {'msg': 'd'}, 'deprecator': {'resolved_name': 'ansible.legacy.m', \
             'type': {'value': 'module'}}}, {'event': {}, 'deprecator': {'resolved_name': 'a.b'}}]"
        );
        printed.stdout = "nothing".to_owned();
        let broken = in_job(&printed);
        assert!(broken.is_failed() && broken.text("data") == Some("nothing"));
        assert!(broken.text("msg").unwrap().contains("No start of json char found"));
    }

    #[test]
    fn what_is_no_json() {
        let printed = Printed { code: 1, stdout: "hm".to_owned(), stderr: "e".to_owned() };
        let outcome = outcome(&printed);
        assert!(outcome.is_failed() && outcome.text("msg").unwrap().starts_with("Module result"));
        assert_eq!(
            (outcome.text("module_stdout"), outcome.text("module_stderr")),
            (Some("hm"), Some("e"))
        );
    }
}
