//! The command: what is shown of the settings. Must not know how settings are read.

use nafal_engine::{
    ConfigFile, EffectiveSetting, REQUIRED, SettingSources, Settings, UsersOptions,
};
use nafal_output::{Stream, Terminal};

use super::dump::{Shown, ShownKind};
use super::plugins::meant;
use super::{dump, init, list, validate};
use crate::arguments::{ConfigAction, ConfigCommand, ConfigSource, Dump, DumpFormat, SettingKind};
use crate::callbacks::deprecated_among;
use crate::commands::session::{Session, begin, close, heading};
use crate::commands::table::Call;
use crate::failure::Failure;

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let Session { arguments, settings, mut terminal } = match begin::<ConfigCommand>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let own = arguments.action.source().verbose;
    let asked = arguments.verbosity.verbose.saturating_add(own);
    heading(&mut terminal, call, &settings, settings.verbosity.saturating_add(asked));
    let result = go(&arguments.action, &settings, &mut terminal);
    close(&mut terminal, result)
}

fn go(action: &ConfigAction, settings: &Settings, terminal: &mut Terminal) -> Result<u8, Failure> {
    let file = file_of(action.source(), settings)?;
    let environment = |name: &str| std::env::var(name).ok();
    let sources = SettingSources::new(&environment, &file);
    let users = UsersOptions::new(settings, file.path.as_deref());
    let shown = match action {
        ConfigAction::Dump(dump) => {
            show(dump, (&sources, &users), terminal)?;
            return Ok(0);
        }
        ConfigAction::View(_) => written(&file)?,
        ConfigAction::List(asked) => list::text(asked, &users, terminal)?,
        ConfigAction::Init(asked) => init::text(asked, (&sources, &users), terminal)?,
        ConfigAction::Validate(asked) => return validate::run(asked, (&file, &users), terminal),
    };
    terminal.unlogged(Stream::Out, None, &shown);
    Ok(0)
}

/// What stands in the file.
fn written(file: &ConfigFile) -> Result<String, Failure> {
    let path = file.path.as_deref();
    let path = path.ok_or_else(|| Failure::new("Invalid or no config file was supplied", 1))?;
    std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("{} can't be read: {error}", path.display()), 1))
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

fn show(
    asked: &Dump,
    (sources, users): (&SettingSources<'_>, &UsersOptions<'_>),
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let meant = meant(&asked.which, users, terminal)?;
    // Each plugin is opened to be looked at.
    if matches!(asked.which.kind, SettingKind::All | SettingKind::Callback) {
        let told = deprecated_among(&asked.which.plugins);
        told.for_each(|told| terminal.diagnose(Stream::Err, &told));
    }
    let is_wanted = |setting: &EffectiveSetting| {
        !asked.only_changed || !["default", REQUIRED].contains(&setting.origin.as_str())
    };
    let base = meant.base.map(|_| sources.base().into_iter().filter(is_wanted).collect());
    let mut kinds = Vec::new();
    for kind in meant.kinds {
        let plugins = kind.plugins.iter().map(|plugin| {
            let options = sources.of_plugin(plugin).into_iter().filter(is_wanted);
            (plugin.name.clone(), options.collect::<Vec<_>>())
        });
        let plugins: Vec<_> = plugins.filter(|(_, options)| !options.is_empty()).collect();
        // Empty kinds are told of, but not among what was changed.
        let lists = asked.format != DumpFormat::Display || !asked.only_changed || base.is_none();
        if lists || !plugins.is_empty() {
            kinds.push(ShownKind { name: kind.name, plugins });
        }
    }
    let shown = Shown { base, kinds };
    if asked.format != DumpFormat::Display {
        terminal.unlogged(Stream::Out, None, &dump::document(&shown, asked.format)?);
        return Ok(());
    }
    for (color, line) in dump::lines(&shown) {
        terminal.unlogged(Stream::Out, color, &line);
    }
    Ok(())
}
