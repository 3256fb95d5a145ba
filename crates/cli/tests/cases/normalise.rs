//! Owns what two runs of the same thing may differ in (`tests/normalise.yml`). It must not know cases.

use std::path::Path;

use regex::Regex;
use serde::Deserialize;

use crate::Fault;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    why: String,
    find: String,
    replace: String,
    example: (String, String),
}

pub struct Rules {
    written: Vec<Written>,
    compiled: Vec<(Regex, String)>,
}

impl Rules {
    pub fn read(path: &Path) -> Result<Self, Fault> {
        let text = std::fs::read_to_string(path)
            .map_err(|fault| format!("{}: {fault}", path.display()))?;
        let written: Vec<Written> =
            serde_yaml::from_str(&text).map_err(|fault| format!("{}: {fault}", path.display()))?;
        let mut compiled = Vec::new();
        for rule in &written {
            compiled.push((compile(&rule.find)?, rule.replace.clone()));
        }
        Ok(Self { written, compiled })
    }

    pub fn check_examples(&self) -> Result<(), String> {
        for (rule, pair) in self.written.iter().zip(&self.compiled) {
            let (before, after) = &rule.example;
            let now = pair.0.replace_all(before, pair.1.as_str());
            if now != after.as_str() {
                return Err(format!("{}: {before:?} becomes {now:?}, not {after:?}", rule.why));
            }
        }
        Ok(())
    }

    /// The rules and those of one case, ready to be applied to both sides.
    pub fn with(&self, pairs: &[(String, String)]) -> Result<Normaliser<'_>, Fault> {
        let mut own = Vec::new();
        for (find, replace) in pairs {
            own.push((compile(find)?, replace.clone()));
        }
        Ok(Normaliser { shared: &self.compiled, own })
    }
}

pub struct Normaliser<'r> {
    shared: &'r [(Regex, String)],
    own: Vec<(Regex, String)>,
}

impl Normaliser<'_> {
    pub fn normalise(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (find, replace) in self.shared.iter().chain(&self.own) {
            if let std::borrow::Cow::Owned(changed) = find.replace_all(&text, replace.as_str()) {
                text = changed;
            }
        }
        text
    }
}

/// Patterns see lines, as with Python's re.M that the recorder compiles them with.
fn compile(find: &str) -> Result<Regex, Fault> {
    Ok(Regex::new(&format!("(?m){find}"))?)
}
