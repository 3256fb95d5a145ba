//! Keywords that the parser knows and the executor doesn't have yet: refused by name before
//! anything runs, never silently ignored.

use nafal_base::{Diagnostic, Span};
use nafal_graph::{TaskGraph, TaskNode};
use nafal_parser::playbook::ast::Keywords;

fn refused(keyword: &str, span: Option<&Span>) -> Diagnostic {
    Diagnostic::error(format!("the keyword '{keyword}' is not built yet in nafal"))
        .at(span.cloned())
        .hint("docs/compatibility.md lists what there is")
}

/// What this play asks for that isn't there yet.
pub(crate) fn refuse(graph: &TaskGraph) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for task in graph.tasks().chain(graph.handlers.all()) {
        all.extend(refuse_task(task));
    }
    all.dedup();
    all
}

/// What this task asks for that isn't there yet.
pub(crate) fn refuse_task(task: &TaskNode) -> Vec<Diagnostic> {
    let span = task.info.span.as_ref();
    refuse_keywords(&task.keywords, span)
}

fn refuse_keywords(keywords: &Keywords, span: Option<&Span>) -> Vec<Diagnostic> {
    let there = [(keywords.debugger.is_some(), "debugger")];
    there.into_iter().filter(|(is, _)| *is).map(|(_, keyword)| refused(keyword, span)).collect()
}
