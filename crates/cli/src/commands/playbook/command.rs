//! The command: what is done with the playbooks. Must not know how they are run.

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nafal_engine::{Engine, Mode, Settings, playbook_of_collection};
use nafal_output::{Callbacks, Retry, Stream};

use super::listing::{Parts, pieces_of};
use crate::arguments::Playbook;
use crate::callbacks::{Choice, Used};
use crate::commands::session::{Session, begin, close, heading, notes, warn};
use crate::commands::table::Call;
use crate::commands::targets::hosts_of;
use crate::failure::Failure;
use crate::{interrupts, passwords, vault_passwords};

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let Session { arguments, settings, terminal } = match begin::<Playbook>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let verbosity = settings.verbosity.saturating_add(arguments.verbosity.verbose);
    let mode = if arguments.run.check { Mode::Check } else { Mode::Apply };
    let choice = Choice::of(&settings, Used::Playbooks);
    let retry = settings.retry_files.then(|| Retry::new(settings.retry_folder.clone()));
    let mut callback = choice.open(&settings, terminal, verbosity, mode).with_retry(retry);
    heading(callback.terminal(), call, &settings, verbosity);
    let result = go(&arguments, &settings, &choice, &mut callback);
    close(callback.terminal(), result)
}

fn go(
    arguments: &Playbook,
    settings: &Arc<Settings>,
    choice: &Choice,
    callback: &mut Callbacks,
) -> Result<u8, Failure> {
    let playbooks: Vec<PathBuf> =
        arguments.playbooks.iter().map(|name| file_of(name, settings)).collect();
    playbooks.iter().try_for_each(|path| is_file(path))?;
    let secrets = passwords::collect(&arguments.connection, &arguments.escalation, settings)?;
    let mut request = arguments.request(secrets);
    request.playbooks = playbooks;
    request.vault =
        vault_passwords::collect(&arguments.vault, &settings.vault, callback.terminal())?;
    let (engine, warnings) = Engine::load(&request, Arc::clone(settings))?;
    callback.see_extra_vars(&engine.callback_variables());
    notes(callback.terminal(), &engine);
    warn(callback.terminal(), &warnings);
    hosts_of(&engine, "all", arguments.inventory.limit.as_deref(), callback.terminal())?;
    let parts = Parts::wanted(arguments);
    if arguments.syntax_check || parts.any() {
        engine.announce(callback);
        let listed = engine.listing(&mut |warnings| warn(callback.terminal(), warnings))?;
        for playbook in listed {
            // To check the syntax, the playbook's name is all that there is to say.
            let pieces = pieces_of(&playbook, parts);
            let wanted = if arguments.syntax_check { 1 } else { pieces.len() };
            for piece in pieces.into_iter().take(wanted) {
                callback.terminal().line(Stream::Out, None, &piece);
            }
        }
        return Ok(0);
    }
    warn(callback.terminal(), &choice.check()?);
    choice.add_python(&engine, callback)?;
    interrupts::watch(&engine.cancel_flag())?;
    let status = engine.run(callback);
    callback.end();
    Ok(status?.0)
}

/// What a playbook's name means: a collection's playbook by its full name, else a path.
fn file_of(name: &Path, settings: &Settings) -> PathBuf {
    let found = name.to_str().and_then(|name| playbook_of_collection(name, settings));
    found.unwrap_or_else(|| name.to_owned())
}

/// Said before anything is read: the plainest mistake is a wrong path.
fn is_file(path: &Path) -> Result<(), Failure> {
    let wrong = |what: &str| Failure::new(format!("the playbook: {} {what}", path.display()), 1);
    let metadata = fs::metadata(path).map_err(|_| wrong("could not be found"))?;
    if metadata.is_file() || metadata.file_type().is_fifo() {
        Ok(())
    } else {
        Err(wrong("does not appear to be a file"))
    }
}
