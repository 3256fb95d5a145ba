//! Filters, tests and lookups in Python: one warm process with the user's ansible-core, started when a template
//! first names one that nafal doesn't know. Must not know templates: whoever calls gives the variables.

mod call;
mod codec;
mod process;

pub use call::{Call, Kind, PluginError, PythonPlugins, World};
