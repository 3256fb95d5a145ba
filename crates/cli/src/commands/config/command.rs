//! The command: what is shown of the settings. Must not know how settings are read.

use nafal_engine::{ConfigFile, EffectiveSetting, Settings, effective};
use nafal_output::{Stream, Terminal};

use super::{dump, list};
use crate::arguments::{ConfigAction, ConfigCommand, ConfigSource, Dump, DumpFormat, SettingKind};
use crate::commands::session::{Session, begin, close, heading};
use crate::commands::table::Call;
use crate::failure::Failure;

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let Session { arguments, settings, mut terminal } = match begin::<ConfigCommand>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let own = match &arguments.action {
        ConfigAction::Dump(dump) => dump.source.verbose,
        ConfigAction::View(view) => view.source.verbose,
        ConfigAction::List(list) => list.source.verbose,
        _ => 0,
    };
    let asked = arguments.verbosity.verbose.saturating_add(own);
    heading(&mut terminal, call, &settings, settings.verbosity.saturating_add(asked));
    let result = go(&arguments.action, &settings, &mut terminal);
    close(&mut terminal, result.map(|()| 0))
}

fn go(action: &ConfigAction, settings: &Settings, terminal: &mut Terminal) -> Result<(), Failure> {
    match action {
        ConfigAction::Dump(dump) => show(dump, settings, terminal),
        ConfigAction::View(view) => {
            let file = file_of(&view.source, settings)?;
            let path = file
                .path
                .as_deref()
                .ok_or_else(|| Failure::new("Invalid or no config file was supplied", 1))?;
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::new(format!("{} can't be read: {error}", path.display()), 1)
            })?;
            terminal.unlogged(Stream::Out, None, &text);
            Ok(())
        }
        ConfigAction::List(asked) => {
            file_of(&asked.source, settings)?;
            let shown = list::text(asked, terminal)?;
            terminal.unlogged(Stream::Out, None, &shown);
            Ok(())
        }
        ConfigAction::Init(_) => Err(unbuilt("init")),
        ConfigAction::Validate(_) => Err(unbuilt("validate")),
    }
}

fn unbuilt(what: &str) -> Failure {
    Failure::usage(format!("ansible-config {what} is not built in nafal yet"))
}

/// The file that is named, or the one that counts.
fn file_of(source: &ConfigSource, settings: &Settings) -> Result<ConfigFile, Failure> {
    let Some(path) = source.config.as_ref().or(settings.config_file.as_ref()) else {
        return Ok(ConfigFile::default());
    };
    let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
    if !path.is_file() {
        let what = "The provided configuration file is missing or not accessible";
        return Err(Failure::usage(format!("{what}: {}", path.display())));
    }
    ConfigFile::read(&path).map_err(Failure::from)
}

fn show(asked: &Dump, settings: &Settings, terminal: &mut Terminal) -> Result<(), Failure> {
    if asked.which.kind != SettingKind::Base {
        let kind = asked.which.kind.name();
        return Err(Failure::usage(format!("--type {kind} is not built in nafal yet")));
    }
    let file = file_of(&asked.source, settings)?;
    let environment = |name: &str| std::env::var(name).ok();
    let wanted: Vec<EffectiveSetting> = effective(&environment, &file)
        .into_iter()
        // What plugins have, and what is told at the end.
        .filter(|setting| !setting.name.contains('.') && setting.name != "GALAXY_SERVERS")
        .filter(|setting| !asked.only_changed || setting.origin != "default")
        .collect();
    match asked.format {
        DumpFormat::Json => terminal.unlogged(Stream::Out, None, &dump::json(&wanted)),
        DumpFormat::Yaml => terminal.unlogged(Stream::Out, None, &dump::yaml(&wanted)?),
        DumpFormat::Display => {
            for (color, line) in dump::lines(&wanted) {
                terminal.unlogged(Stream::Out, Some(color), &line);
            }
            terminal.unlogged(Stream::Out, None, "\nGALAXY_SERVERS:\n");
        }
    }
    Ok(())
}
