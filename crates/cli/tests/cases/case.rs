//! Owns the format of `case.yml`, the twin of what `tests/record` reads. It must not know how a case runs.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::Fault;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// For the reader of the file; nothing is done with it, but every case has one.
    #[allow(dead_code)]
    description: String,
    pub runs: Vec<Run>,
    /// What isn't nafal's own and must be on the machine.
    #[serde(default)]
    pub needs: Option<Need>,
    /// What the recorder had beside ansible-core; nafal does without.
    #[serde(default)]
    #[allow(dead_code)]
    recorded_with: Option<RecordedWith>,
    /// Paths in the work folder whose tree is compared at the end; absolute ones are a sandbox's, of
    /// which is compared what differs from this machine.
    #[serde(default)]
    pub files: Vec<String>,
    /// More pairs of pattern and replacement.
    #[serde(default)]
    pub normalise: Vec<(String, String)>,
    /// Where it runs.
    #[serde(default)]
    pub sandbox: Option<Sandboxed>,
    #[serde(default)]
    pub stderr: Stderr,
}

/// A case that changes the system runs in a copy of it that is thrown away (`tests/sandbox`).
#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Sandboxed {
    Root,
}

/// What a case needs beside nafal.
#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Plugins in Python run with the user's ansible-core: here the one that recorded the case.
    AnsibleCore,
}

/// What a case was recorded with.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordedWith {
    /// ansible.posix and community.general.
    Collections,
    /// Libraries of Python's that some of stock's modules want.
    Libraries,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Words as a shell splits them; no shell runs them.
    pub command: String,
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    #[serde(default)]
    pub compare: Compare,
    /// There is a terminal, at which this is typed.
    #[serde(default)]
    pub terminal: Option<Vec<Exchange>>,
}

/// What is typed once something was shown.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    pub after: String,
    #[serde(rename = "type")]
    pub typed: String,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Compare {
    #[default]
    Text,
    /// Lines in any order: many forks finish as they like.
    Sorted,
    /// The exit code alone.
    Code,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Stderr {
    #[default]
    Ignore,
    /// The words and places of the recorded faults, in their order, among whatever else is said.
    Faults,
    Compare,
}

impl Case {
    pub fn read(folder: &Path) -> Result<Self, Fault> {
        let path = folder.join("case.yml");
        let text = std::fs::read_to_string(&path)
            .map_err(|fault| format!("{}: {fault}", path.display()))?;
        let case: Self =
            serde_yaml::from_str(&text).map_err(|fault| format!("{}: {fault}", path.display()))?;
        if case.runs.is_empty() {
            return Err(format!("{}: a case without runs shows nothing", path.display()).into());
        }
        if case.sandbox.is_none() && case.files.iter().any(|path| path.starts_with('/')) {
            return Err(format!(
                "{}: files outside of the case want `sandbox: root`",
                path.display()
            )
            .into());
        }
        Ok(case)
    }
}
