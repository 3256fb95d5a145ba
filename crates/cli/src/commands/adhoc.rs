//! `ansible`: one module on the hosts of a pattern. Must not know how it is run.

use nafal_base::HostName;
use nafal_engine::{Engine, Settings};
use nafal_output::{Minimal, Stream};

use super::session::{Session, begin, close, heading, warn};
use super::table::Call;
use super::targets::{hosts_of, say_hosts};
use crate::arguments::{AdHoc, Unbuilt};
use crate::failure::Failure;
use crate::{interrupts, passwords};

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let Session {
        arguments,
        settings,
        terminal,
    } = match begin::<AdHoc>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let verbosity = settings
        .verbosity
        .saturating_add(arguments.verbosity.verbose);
    let mut callback = Minimal::new(terminal, verbosity);
    let result = go(call, &arguments, &settings, &mut callback, verbosity);
    close(callback.terminal(), result)
}

fn go(
    call: &Call,
    arguments: &AdHoc,
    settings: &Settings,
    callback: &mut Minimal,
    verbosity: u8,
) -> Result<u8, Failure> {
    arguments.background.refuse()?;
    arguments.playbook_dir.refuse()?;
    arguments.vault.refuse()?;
    let secrets = passwords::collect(&arguments.connection, &arguments.escalation)?;
    heading(callback.terminal(), call, settings, verbosity);
    let (engine, warnings) = Engine::load(&arguments.request(secrets))?;
    warn(callback.terminal(), &warnings);
    let hosts = targets(&engine, arguments, callback)?;
    if hosts.is_empty() {
        warn(
            callback.terminal(),
            &[nafal_base::Diagnostic::warning(
                "No hosts matched, nothing to do",
            )],
        );
    }
    if arguments.hosts.list_hosts {
        let text = say_hosts(&hosts, 2);
        callback.terminal().line(Stream::Out, None, &text);
        return Ok(0);
    }
    if hosts.is_empty() {
        return Ok(0);
    }
    interrupts::watch(&engine.cancel_flag())?;
    Ok(engine.adhoc(&arguments.task(), callback)?.0)
}

/// The hosts of the pattern. That a limit leaves none is wrong; that there are none isn't.
fn targets(
    engine: &Engine,
    arguments: &AdHoc,
    callback: &mut Minimal,
) -> Result<Vec<HostName>, Failure> {
    let terminal = callback.terminal();
    let pattern = arguments.pattern.as_str();
    hosts_of(
        engine,
        pattern,
        arguments.inventory.limit.as_deref(),
        terminal,
    )
}
