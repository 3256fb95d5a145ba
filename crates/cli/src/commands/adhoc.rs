//! `ansible`: one module on the hosts of a pattern. Must not know how it is run.

use std::sync::Arc;

use nafal_base::{Diagnostic, HostName};
use nafal_engine::{Engine, Mode, Settings};
use nafal_output::{Callbacks, Stream};

use super::session::{Session, begin, close, heading, notes, warn};
use super::table::Call;
use super::targets::{hosts_of, say_hosts};
use crate::arguments::AdHoc;
use crate::callbacks::{Choice, Used};
use crate::failure::Failure;
use crate::{interrupts, passwords, vault_passwords};

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let Session { arguments, settings, terminal } = match begin::<AdHoc>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let verbosity = settings.verbosity.saturating_add(arguments.verbosity.verbose);
    let mode = if arguments.run.check { Mode::Check } else { Mode::Apply };
    let choice = Choice::of(&settings, Used::AdHoc(&arguments.forms));
    let mut callback = choice.open(&settings, terminal, verbosity, mode);
    heading(callback.terminal(), call, &settings, verbosity);
    let result = go(&arguments, &settings, &choice, &mut callback);
    close(callback.terminal(), result)
}

fn go(
    arguments: &AdHoc,
    settings: &Arc<Settings>,
    choice: &Choice,
    callback: &mut Callbacks,
) -> Result<u8, Failure> {
    let secrets = passwords::collect(&arguments.connection, &arguments.escalation, settings)?;
    let mut request = arguments.request(secrets);
    request.vault =
        vault_passwords::collect(&arguments.vault, &settings.vault, callback.terminal())?;
    let (engine, warnings) = Engine::load(&request, Arc::clone(settings))?;
    notes(callback.terminal(), &engine);
    warn(callback.terminal(), &warnings);
    let hosts = targets(&engine, arguments, callback)?;
    // Where there are no hosts at all, that was said before (case `start-messages`).
    if hosts.is_empty() && engine.inventory().host_count() > 0 {
        warn(callback.terminal(), &[nothing_to_do()]);
    }
    if arguments.hosts.list_hosts {
        for line in say_hosts(&hosts, 2).lines() {
            callback.terminal().line(Stream::Out, None, line);
        }
        return Ok(0);
    }
    if hosts.is_empty() {
        return Ok(0);
    }
    let task = arguments.task(settings);
    has_arguments(&task)?;
    warn(callback.terminal(), &choice.check()?);
    choice.add_python(&engine, callback)?;
    interrupts::watch(&engine.cancel_flag())?;
    let status = engine.adhoc(&task, callback);
    callback.end();
    Ok(status?.0)
}

fn nothing_to_do() -> Diagnostic {
    Diagnostic::warning("No hosts matched, nothing to do")
}

/// Modules that run a command line do nothing without one. Said before anything runs, as stock does.
fn has_arguments(task: &nafal_engine::AdHoc) -> Result<(), Failure> {
    let module = task.module.as_str();
    let short = ["ansible.builtin.", "ansible.legacy.", "ansible.windows."]
        .iter()
        .find_map(|collection| module.strip_prefix(collection))
        .unwrap_or(module);
    if !task.arguments.is_empty() || !nafal_engine::COMMAND_LINES.contains(&short) {
        return Ok(());
    }
    let mut failure = Failure::usage(format!("No argument passed to {module} module"));
    let pattern = std::path::Path::new(&task.pattern);
    if pattern.extension().is_some_and(|end| end == "yml" || end == "yaml") {
        let hint = "playbooks are run by ansible-playbook";
        failure.diagnostics = failure.diagnostics.into_iter().map(|one| one.hint(hint)).collect();
    }
    Err(failure)
}

/// The hosts of the pattern. That a limit leaves none is wrong; that there are none isn't.
fn targets(
    engine: &Engine,
    arguments: &AdHoc,
    callback: &mut Callbacks,
) -> Result<Vec<HostName>, Failure> {
    let terminal = callback.terminal();
    let pattern = arguments.pattern.as_str();
    let found = hosts_of(engine, pattern, arguments.inventory.limit.as_deref(), terminal);
    let mismatch = engine.settings().inventory.mismatch;
    let is_wrong = || engine.inventory().matching_all(&[pattern], None, mismatch).is_err();
    match found {
        // Stock's list is empty where a run would be an error.
        Err(_) if arguments.hosts.list_hosts && is_wrong() => Ok(Vec::new()),
        Err(failure) => {
            if is_wrong() {
                warn(terminal, &[nothing_to_do()]);
            }
            Err(failure)
        }
        found => found,
    }
}
