//! `nafal graph`: what a playbook is compiled to, and why a task runs where it does. Must not know how
//! graphs are built.

use std::sync::Arc;

use nafal_engine::{Engine, PlayOutline, export};
use nafal_output::Stream;

use super::session::{Session, begin, close, warn};
use super::table::Call;
use crate::arguments::{Graph, GraphFormat};
use crate::failure::Failure;
use crate::vault_passwords;

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let mut session = match begin::<Graph>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let result = drawn(&mut session).map(|text| {
        session.terminal.line(Stream::Out, None, text.trim_end_matches('\n'));
        0
    });
    close(&mut session.terminal, result)
}

fn drawn(session: &mut Session<Graph>) -> Result<String, Failure> {
    let Session { arguments, settings, terminal } = session;
    let mut request = arguments.request();
    request.vault = vault_passwords::collect(&arguments.reading.vault, &settings.vault, terminal)?;
    let (engine, warnings) = Engine::load(&request, Arc::clone(settings))?;
    warn(terminal, &warnings);
    shown(&engine.outlines()?, arguments)
}

fn shown(plays: &[PlayOutline], arguments: &Graph) -> Result<String, Failure> {
    if let Some(pattern) = &arguments.why {
        let found: Vec<String> =
            plays.iter().filter_map(|play| export::why(&play.outline, pattern)).collect();
        return if found.is_empty() {
            Err(Failure::new(format!("no task has '{pattern}' in its name"), 1))
        } else {
            Ok(found.join("\n"))
        };
    }
    let each = |form: &dyn Fn(&PlayOutline) -> String| {
        plays.iter().map(form).collect::<Vec<_>>().join("\n")
    };
    Ok(match arguments.format {
        GraphFormat::Text => each(&|play| {
            format!("play: {} ({})\n{}", play.play, play.playbook, export::text(&play.outline))
        }),
        GraphFormat::Mermaid => each(&|play| {
            format!("---\ntitle: {}\n---\n{}", play.play, export::mermaid(&play.outline))
        }),
        GraphFormat::Json => nafal_engine::outlines_json(plays),
    })
}
