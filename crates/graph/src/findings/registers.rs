//! Results that are registered and that nobody reads.

use std::collections::HashSet;

use nafal_parser::playbook::ast::Register;

use super::finding::{Finding, Rule};
use super::known::Known;
use super::program::Program;

/// The name for what nobody wants.
const UNWANTED: &str = "_";

/// Every registered variable that nothing names, nowhere in all plays. Nothing when names are made while running.
pub fn unread_registers(programs: &[Program], known: &Known) -> Vec<Finding> {
    if known.any {
        return Vec::new();
    }
    let registers =
        programs.iter().flat_map(Program::all).filter_map(|task| task.register.as_ref());
    let mut told = HashSet::new();
    let mut found = Vec::new();
    for name in registers.flat_map(Register::names) {
        let is_read = known.mentioned.contains(name.as_str()) || name.as_str() == UNWANTED;
        let place = name.span().cloned();
        if is_read || !told.insert((name.to_string(), place.as_ref().map(ToString::to_string))) {
            continue;
        }
        let message = format!("nothing reads the registered variable '{name}'");
        found.push(
            Finding::new(Rule::UnreadRegister, message, place)
                .hint(Some(format!("leave it out, or register '{UNWANTED}'"))),
        );
    }
    found
}
