//! What is installed, as pip tells it, and whether that is what a task asks for. Must not change anything.

use std::path::PathBuf;

use super::packages::Package;
use super::requirement::{Requirement, canonical};
use super::tool::{Tool, failed};
use crate::files::tools::Gave;
use crate::files::{Result, staged};

/// The list, and what made it.
pub struct Listed {
    /// Its words.
    pub words: Vec<String>,
    /// Its output.
    pub gave: Gave,
}

const PLAIN: [(&str, &str); 2] = [("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8")];

impl Listed {
    /// Asks pip; an old one knows no list in this form.
    pub fn ask(tool: &Tool<'_>, pip: &[String]) -> Result<Listed> {
        for ending in [&["list", "--format=freeze"][..], &["freeze"]] {
            let words: Vec<String> =
                pip.iter().cloned().chain(ending.iter().map(|word| (*word).to_owned())).collect();
            let gave = tool.run_with(&words, &PLAIN)?;
            if gave.code == 0 {
                return Ok(Listed { words, gave });
            }
            if ending.len() == 1 {
                return Err(failed(&words, &gave.stdout, &gave.stderr));
            }
        }
        Ok(Listed { words: Vec::new(), gave: Gave::default() })
    }

    /// The version of a package.
    fn version_of(&self, name: &str) -> Option<&str> {
        let name = canonical(name);
        let mut entries = self.gave.stdout.lines().filter_map(|line| line.split_once("=="));
        entries.find(|(other, _)| canonical(other) == name).map(|(_, version)| version)
    }

    fn has(&self, requirement: &Requirement) -> bool {
        self.version_of(&requirement.name).is_some_and(|version| requirement.takes(version.trim()))
    }

    /// Whether a package is there.
    pub fn has_package(&self, tool: &Tool<'_>, pip: &[String], package: &Package) -> Result<bool> {
        let text = match package {
            Package::Named(requirement) => return Ok(self.has(requirement)),
            Package::Other(text) => text,
        };
        // What an address leads to, only a newer pip can say without installing it.
        let version = self.version_of("pip").unwrap_or_default();
        if Requirement::read("pip>=24.1").is_none_or(|newer| !newer.takes(version)) {
            tool.ctx.warn(
                "Using check mode with packages from vcs urls, file paths, or archives will not behave as expected \
                 when using pip versions <24.1.",
            );
            return Ok(false);
        }
        Ok(self.told(tool, pip, text)?.is_some_and(|found| self.has(&found)))
    }

    /// The name and version of what an address leads to.
    fn told(&self, tool: &Tool<'_>, pip: &[String], text: &str) -> Result<Option<Requirement>> {
        let report = Report::new(tool)?;
        let mut words = pip.to_vec();
        let file = format!("--report={}", report.0.display());
        let options = ["install", "--dry-run", "--ignore-installed", &file, text];
        words.extend(options.map(str::to_owned));
        let gave = tool.run(&words)?;
        if gave.code != 0 {
            return Err(failed(&words, &gave.stdout, &gave.stderr));
        }
        let bytes = std::fs::read(&report.0).unwrap_or_default();
        Ok(asked_for(&serde_json::from_slice(&bytes).unwrap_or_default()))
    }
}

/// Of all that would be installed, what was asked for.
fn asked_for(report: &serde_json::Value) -> Option<Requirement> {
    let all = report.get("install")?.as_array()?;
    let asked = all.iter().find(|one| one.get("requested") == Some(&true.into()))?;
    let metadata = asked.get("metadata")?;
    let text = |key: &str| metadata.get(key).and_then(serde_json::Value::as_str);
    Requirement::read(&format!("{}=={}", text("name")?, text("version")?))
}

/// The file of a report, removed with it.
struct Report(PathBuf);

impl Report {
    fn new(tool: &Tool<'_>) -> Result<Report> {
        let random =
            staged::random_text().map_err(|error| crate::files::Failure::new(error.to_string()))?;
        Ok(Report(tool.ctx.temporary().join(format!("pip-{random}.json"))))
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there() {
        let stdout = "x==1.0\ny-z==2\nw @ file:///x\n".to_owned();
        let listed = Listed { words: Vec::new(), gave: Gave { stdout, ..Gave::default() } };
        let has = |text: &str| Requirement::read(text).is_some_and(|read| listed.has(&read));
        assert!(has("x") && has("Y.z>1") && has("x[a]; python_version < '3'"));
        assert!(!has("x>1") && !has("w") && !has("q"));
    }

    #[test]
    fn what_a_report_says() {
        let report = r#"{"install": [{"requested": false, "metadata": {"name": "d", "version": "3"}},
            {"requested": true, "metadata": {"name": "x", "version": "2.0"}}]}"#;
        let found = serde_json::from_str(report).ok().and_then(|report| asked_for(&report));
        assert_eq!(found.map(|found| found.written()).as_deref(), Some("x==2.0"));
        assert_eq!(asked_for(&serde_json::Value::Null), None);
    }
}
