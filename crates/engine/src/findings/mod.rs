//! What is wrong with playbooks and can be told before they run (`nafal lint`). Runs nothing and reaches no host; the rules
//! are in `nafal_graph::findings`, what they need to know is gathered here.

mod arguments;
mod includes;

use std::collections::HashSet;
use std::sync::Arc;

use nafal_graph::findings::{Finding, Program, Rule, unknown_handlers};
use serde::Serialize;

use self::includes::StaticIncludes;
use crate::agents::connections;
use crate::engine::Engine;
use crate::error::Error;
use crate::playbooks::folder_of;

impl Engine {
    /// Everything that is found in the playbooks, without what the skipped rules find: by file and line, each once.
    pub fn findings(&self, skipped: &[Rule]) -> Result<Vec<Finding>, Error> {
        let mut all = Vec::new();
        for path in &self.request.playbooks {
            let services = self.services(&folder_of(path), &Arc::new(connections()));
            for play in self.ready(path, &services)? {
                let program = Program::of(&play.graph, &StaticIncludes { services: &services });
                all.extend(unknown_handlers(&program));
                all.extend(arguments::faults(&program, &services));
            }
        }
        all.retain(|finding| !skipped.contains(&finding.rule));
        Ok(sorted(all))
    }
}

/// By place, each once: a role that is used twice is wrong once.
fn sorted(mut all: Vec<Finding>) -> Vec<Finding> {
    let key = |finding: &Finding| {
        let span = finding.diagnostic.span.as_ref();
        let place = span.map(|span| (span.source.name.clone(), span.line, span.column));
        (place.unwrap_or_default(), finding.rule, finding.diagnostic.message.clone())
    };
    all.sort_by_cached_key(key);
    let mut told = HashSet::new();
    all.retain(|finding| told.insert(key(finding)));
    all
}

#[derive(Serialize)]
struct Told<'a> {
    rule: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

/// Findings as JSON: a list, each with `rule`, `message`, `file`, `line`, `column` and, if there is one, `hint`.
pub fn findings_json(findings: &[Finding]) -> String {
    let each = findings.iter().map(|finding| {
        let diagnostic = &finding.diagnostic;
        let span = diagnostic.span.as_ref();
        Told {
            rule: finding.rule.name(),
            message: &diagnostic.message,
            file: span.map(|span| &*span.source.name),
            line: span.map(|span| span.line).filter(|line| *line > 0),
            column: span.map(|span| span.column).filter(|column| *column > 0),
            hint: diagnostic.hint.as_deref(),
        }
    });
    // Texts and numbers alone: there is nothing in it that JSON can't say.
    serde_json::to_string_pretty(&each.collect::<Vec<_>>()).unwrap_or_default()
}
