//! Settings: from the environment, from ansible.cfg, or stock's defaults, in this order.

mod callbacks;
mod colors;
mod deprecated;
mod effective;
mod escalation;
mod fact_cache;
mod file;
mod inventory;
mod junit;
mod known;
mod log;
mod options;
mod plugin_filter;
mod plugin_option;
mod reader;
mod reading;
mod shown;
mod ssh;
mod table;
mod variables;
mod wrong;

pub use callbacks::CallbackSettings;
pub use colors::ColorSettings;
pub use effective::{EffectiveSetting, REQUIRED, SettingSources, effective};
pub use fact_cache::FactCacheSettings;
pub use file::{ConfigFile, find_config};
pub use inventory::InventorySettings;
pub use junit::JunitSettings;
pub use log::LogSettings;
pub use options::{PluginOptions, base_options, plugin_kinds, plugin_options};
pub(crate) use reader::to_bool;
pub use reading::ReadingSettings;
pub use shown::{ResultFormat, ShownSettings, YamlLineWidth};
pub use table::{Settings, VaultSettings, WantedFacts};
pub use variables::{VariableSettings, VarsRoot};
