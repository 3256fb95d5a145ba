//! What is wrong with playbooks and can be told before they run (`nafal lint`). Runs nothing and reaches no host; the rules
//! are in `nafal_graph::findings`, what they need to know is gathered here.

mod arguments;
mod candidates;
mod definitions;
mod entries;
mod facts;
mod includes;
mod tasks;
mod templates;
mod texts;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use nafal_base::Diagnostic;
use nafal_graph::findings::{
    Finding, Known, Program, Rule, undefined_variables, unknown_handlers, unread_registers,
};
use serde::Serialize;

use self::definitions::Defined;
use self::includes::StaticIncludes;
use crate::agents::connections;
use crate::engine::Engine;
use crate::error::Error;
use crate::playbooks::{ReadyPlay, folder_of, patterns};
use crate::services::EngineServices;

/// What was found, and why not more.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// By file and line, each once.
    pub all: Vec<Finding>,
    /// Where something silences rules.
    pub silent: Vec<Diagnostic>,
}

impl Engine {
    /// Everything that is found in the playbooks, without what the skipped rules find.
    pub fn findings(&self, skipped: &[Rule]) -> Result<Findings, Error> {
        let mut found = Findings::default();
        for path in &self.request.playbooks {
            let services = self.services(&folder_of(path), &Arc::new(connections()));
            let plays = self.ready(path, &services)?;
            let includes = StaticIncludes { services: &services, extra: &self.extra };
            let programs: Vec<Program> =
                plays.iter().map(|play| Program::of(&play.graph, &includes)).collect();
            for program in &programs {
                found.all.extend(unknown_handlers(program));
                found.all.extend(arguments::faults(program, &services));
            }
            self.of_variables(&plays, &programs, &services, &mut found);
        }
        found.all.retain(|finding| !skipped.contains(&finding.rule));
        found.all = sorted(found.all);
        Ok(found)
    }

    /// What is wrong with how plays use variables.
    fn of_variables(
        &self,
        plays: &[ReadyPlay],
        programs: &[Program],
        services: &EngineServices,
        found: &mut Findings,
    ) {
        let mut known = Known::default();
        programs.iter().for_each(|program| known.add(program));
        let mut folders: Vec<PathBuf> = plays.iter().map(|play| play.folder.clone()).collect();
        folders.dedup();
        texts::add(&mut known, programs, &folders);
        // What any file of variables tests may be missing in all plays: they are gone through before.
        let mut first = Defined::new(services, &self.extra);
        for (play, program) in plays.iter().zip(programs) {
            first.play(play, &mut known);
            first.tasks(program, &mut known);
        }
        let mut defined = Defined::new(services, &self.extra);
        if !self.inventory.is_whole() {
            defined.open(0, "a source of the inventory can't be read", None);
        }
        folders.iter().for_each(|folder| {
            defined.inventory(&self.inventory_beside(folder), folder, &mut known);
        });
        found.all.extend(unread_registers(programs, &known));
        if known.any {
            found
                .silent
                .push(silent(Rule::UnreadRegister, "names of variables are made while running"));
        }
        for (at, (play, program)) in plays.iter().zip(programs).enumerate() {
            defined.play(play, &mut known);
            defined.tasks(program, &mut known);
            defined.later(programs.iter().skip(at + 1));
            if self.has_hosts(play, services) {
                found.all.extend(undefined_variables(program, &known, &defined));
                found.silent.extend(defined.opening().map(|opening| {
                    silent(Rule::UndefinedVariable, opening.reason).at(opening.span.clone())
                }));
            } else {
                let reason = "the play has no hosts in this inventory";
                found
                    .silent
                    .push(silent(Rule::UndefinedVariable, reason).at(play.play.span.clone()));
            }
            defined.written(program);
        }
    }

    /// Whether the play has hosts: of others nobody can say what they see.
    fn has_hosts(&self, play: &ReadyPlay, services: &EngineServices) -> bool {
        let inventory = self.inventory_beside(&play.folder);
        let hosts = play.render(&play.play.hosts.source, services);
        let found = hosts.and_then(|hosts| self.hosts_of(&inventory, &patterns(&hosts)));
        found.is_ok_and(|(hosts, _)| !hosts.is_empty())
    }
}

fn silent(rule: Rule, reason: &str) -> Diagnostic {
    let rules = match rule {
        Rule::UndefinedVariable => {
            "undefined-variable and read-before-write say nothing from here on"
        }
        other => return Diagnostic::warning(format!("{} says nothing: {reason}", other.name())),
    };
    Diagnostic::warning(format!("{rules}: {reason}"))
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
