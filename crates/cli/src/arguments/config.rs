//! The arguments of `ansible-config`. Must not know settings.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::run::Verbosity;

/// Shows settings.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "ansible-config",
    version,
    disable_version_flag = true,
    infer_long_args = true,
    args_override_self = true
)]
pub struct ConfigCommand {
    /// What is done
    #[command(subcommand)]
    pub action: ConfigAction,

    #[command(flatten)]
    pub verbosity: Verbosity,
}

/// What is done.
#[derive(Clone, Debug, Subcommand)]
pub enum ConfigAction {
    /// Shows what holds of every setting
    #[command(infer_long_args = true)]
    Dump(Dump),
    /// Shows the configuration file
    #[command(infer_long_args = true)]
    View(ViewConfig),
    /// Tells of every setting: its type, its default, where it is set
    #[command(infer_long_args = true)]
    List(List),
    /// Writes a configuration file, or variables, with all defaults
    #[command(infer_long_args = true)]
    Init(Init),
    /// Tells what of a configuration file or of the environment isn't a setting
    #[command(infer_long_args = true)]
    Validate(Validate),
}

impl ConfigAction {
    /// What every action has.
    pub fn source(&self) -> &ConfigSource {
        match self {
            ConfigAction::Dump(dump) => &dump.source,
            ConfigAction::View(view) => &view.source,
            ConfigAction::List(list) => &list.source,
            ConfigAction::Init(init) => &init.source,
            ConfigAction::Validate(validate) => &validate.source,
        }
    }
}

/// What every action has.
#[derive(Args, Clone, Debug, Default)]
pub struct ConfigSource {
    /// The configuration file, instead of the one that counts
    #[arg(short, long, value_name = "CONFIG_FILE")]
    pub config: Option<PathBuf>,

    /// Tells more; several times, even more
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
}

/// `dump`.
#[derive(Args, Clone, Debug)]
pub struct Dump {
    #[command(flatten)]
    pub source: ConfigSource,

    /// Only what somebody sets
    #[arg(long, alias = "changed-only")]
    pub only_changed: bool,

    /// How it is shown
    #[arg(short, long, value_enum, default_value_t = DumpFormat::Display)]
    pub format: DumpFormat,

    #[command(flatten)]
    pub which: Which,
}

/// Which settings.
#[derive(Args, Clone, Debug)]
pub struct Which {
    /// Which settings: those of no plugin, all, or those of a kind of plugins
    #[arg(short = 't', long = "type", value_enum, default_value_t = SettingKind::Base)]
    pub kind: SettingKind,

    /// These plugins alone, with a kind
    #[arg(value_name = "args")]
    pub plugins: Vec<String>,
}

/// Whose settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SettingKind {
    /// All.
    All,
    /// No plugin's.
    Base,
    /// Of ways to become somebody else.
    Become,
    /// Of caches.
    Cache,
    /// Of callbacks.
    Callback,
    /// Of network devices.
    Cliconf,
    /// Of connections.
    Connection,
    /// Of network devices.
    Httpapi,
    /// Of inventory plugins.
    Inventory,
    /// Of lookups.
    Lookup,
    /// Of network devices.
    Netconf,
    /// Of shells.
    Shell,
    /// Of vars plugins.
    Vars,
}

impl SettingKind {
    /// As it is typed.
    pub fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// `list`.
#[derive(Args, Clone, Debug)]
pub struct List {
    #[command(flatten)]
    pub source: ConfigSource,

    /// How it is shown
    #[arg(short, long, value_enum, default_value_t = ListFormat::Yaml)]
    pub format: ListFormat,

    #[command(flatten)]
    pub which: Which,
}

/// How the list is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// How settings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DumpFormat {
    /// Lines.
    Display,
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// `view`.
#[derive(Args, Clone, Debug)]
pub struct ViewConfig {
    #[command(flatten)]
    pub source: ConfigSource,
}

/// `init`.
#[derive(Args, Clone, Debug)]
pub struct Init {
    #[command(flatten)]
    pub source: ConfigSource,

    /// What is written
    #[arg(short, long, value_enum, default_value_t = InitFormat::Ini)]
    pub format: InitFormat,

    /// Makes comments of the settings
    #[arg(long)]
    pub disabled: bool,

    #[command(flatten)]
    pub which: Which,
}

/// What `init` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InitFormat {
    /// A configuration file.
    Ini,
    /// Variables of the environment.
    Env,
    /// Variables of an inventory.
    Vars,
}

/// `validate`.
#[derive(Args, Clone, Debug)]
pub struct Validate {
    #[command(flatten)]
    pub source: ConfigSource,

    /// What is looked at
    #[arg(short, long, value_enum, default_value_t = ValidateFormat::Ini)]
    pub format: ValidateFormat,

    #[command(flatten)]
    pub which: Which,
}

/// What `validate` looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ValidateFormat {
    /// The configuration file.
    Ini,
    /// The environment.
    Env,
}
