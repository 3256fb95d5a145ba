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
    /// Not built yet
    #[command(infer_long_args = true)]
    List(Unknown),
    /// Not built yet
    #[command(infer_long_args = true)]
    Init(Unknown),
    /// Not built yet
    #[command(infer_long_args = true)]
    Validate(Unknown),
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

    /// Which settings: base, all, or a kind of plugins
    #[arg(short = 't', long = "type", default_value = "base")]
    pub kind: String,
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

/// Whatever is given to an action that isn't built.
#[derive(Args, Clone, Debug)]
pub struct Unknown {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    pub words: Vec<String>,
}
