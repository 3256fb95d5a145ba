//! Filters, tests, lookups, action plugins and callbacks in Python: one warm process with the user's ansible-core, started when a
//! template first names one that nafal doesn't know, or a run has such callbacks. Must not know templates: whoever
//! calls gives the variables.

mod actions;
mod call;
mod callbacks;
mod codec;
mod documented;
mod event;
mod option;
mod process;

pub use actions::{Acted, Awaited, Granted, Host, Layer, Raised, Refused, Runner, Wish};
pub use call::{Call, Kind, PluginError, PythonPlugins, World};
pub use callbacks::{CallbackError, CallbackSetup, Listeners, PythonCallbacks};
pub use documented::{Asked, Documented};
pub use option::{ForeignOption, OptionFound};
