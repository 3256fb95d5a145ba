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

/// The outcome: the JSON that it printed, with lines before and behind it left out, else a failure that shows
/// all. The exit code counts for nothing where there is JSON, as in stock.
pub fn outcome(printed: &Printed) -> Outcome {
    told(printed).unwrap_or_else(|| broken(printed))
}

/// What the JSON says, where there is some.
fn told(printed: &Printed) -> Option<Outcome> {
    let Some((Value::Dict(values), noise)) = json(&printed.stdout) else { return None };
    let mut outcome = Outcome::from_result(values);
    if let Some(noise) = noise {
        let warning = format!("Module invocation had junk after the JSON data: {noise}");
        let known = outcome.values.get("warnings").and_then(Value::as_list).cloned();
        let mut warnings = known.unwrap_or_default();
        warnings.push(Value::from(warning));
        outcome.values.insert("warnings", Value::List(warnings));
    }
    Some(outcome)
}

/// The outcome of a job: with what it wrote on its standard error, as its file has in stock.
pub fn in_job(printed: &Printed) -> Outcome {
    let Some(mut outcome) = told(printed) else {
        return Outcome::failed("ValueError: No start of json char found")
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

/// The object in a text, and what stands behind it.
fn json(text: &str) -> Option<(Value, Option<String>)> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('{') {
            break;
        }
        start += line.len();
    }
    let rest = text.get(start..)?;
    let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
    let Ok(value) = stream.next()? else {
        // Python's numbers that are none (case `module-not-a-number`).
        let (value, lone) = read_noting(rest).ok()?;
        return lone.is_none().then_some((value, None));
    };
    let behind = rest.get(stream.byte_offset()..).unwrap_or_default().trim();
    Some((value, (!behind.is_empty()).then(|| behind.to_owned())))
}

fn broken(printed: &Printed) -> Outcome {
    Outcome::failed(NO_JSON)
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
