//! `nafal lint`: what is wrong with playbooks, told before they run. Must not know the rules.

use std::sync::Arc;

use nafal_base::Severity;
use nafal_engine::{Engine, Finding, findings_json};
use nafal_output::{Color, Stream, Terminal, explain};

use super::session::{Session, begin, close, warn};
use super::table::Call;
use crate::arguments::Lint;
use crate::failure::Failure;
use crate::vault_passwords;

/// The exit code when something was found. 1 and up to 5 but this say why nothing could be looked at.
const FOUND: u8 = 3;

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let mut session = match begin::<Lint>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let result = found(&mut session).map(|findings| {
        if session.arguments.json {
            session.terminal.line(Stream::Out, None, &findings_json(&findings));
        } else {
            show(&mut session.terminal, &findings);
        }
        if findings.is_empty() { 0 } else { FOUND }
    });
    close(&mut session.terminal, result)
}

fn found(session: &mut Session<Lint>) -> Result<Vec<Finding>, Failure> {
    let Session { arguments, settings, terminal } = session;
    let mut request = arguments.request();
    request.vault = vault_passwords::collect(&arguments.reading.vault, &settings.vault, terminal)?;
    let (engine, warnings) = Engine::load(&request, Arc::clone(settings))?;
    warn(terminal, &warnings);
    let found = engine.findings(&arguments.skip)?;
    if arguments.reading.verbosity.verbose > 0 {
        warn(terminal, &found.silent);
    }
    Ok(found.all)
}

fn show(terminal: &mut Terminal, findings: &[Finding]) {
    for Finding { rule, diagnostic } in findings {
        let color = match diagnostic.severity {
            Severity::Error => Color::Error,
            Severity::Warning | Severity::Deprecation => Color::Warning,
        };
        let mut shown = diagnostic.clone();
        shown.message = format!("{}: {}", rule.name(), diagnostic.message);
        let text = explain(&shown);
        let (head, source) = text.split_once('\n').unwrap_or((&text, ""));
        terminal.line(Stream::Out, Some(color), head);
        terminal.line(Stream::Out, None, &format!("{source}\n"));
    }
    match findings.len() {
        0 => {}
        1 => terminal.line(Stream::Out, None, "1 finding"),
        count => terminal.line(Stream::Out, None, &format!("{count} findings")),
    }
}
