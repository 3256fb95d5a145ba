//! The words that every other crate of nafal speaks: values with Python's semantics, places in
//! sources, diagnostics, identities, outcomes, events and the wire format.
//!
//! Must not know files, terminals or YAML.

pub mod bundle;
pub mod charset;
pub mod config_parser;
pub mod console;
pub mod dates;
pub mod diagnostic;
pub mod event;
pub mod foreign;
pub mod fragments;
pub mod ids;
pub mod object;
pub mod outcome;
pub mod packing;
pub mod reference;
pub mod replacement;
pub mod scope;
pub mod shell;
pub mod span;
pub mod system_error;
pub mod task_info;
pub mod template;
pub mod told;
pub mod value;
pub mod wire;

pub use diagnostic::{Cause, Diagnostic, Severity};
pub use event::{Event, EventSink};
pub use ids::{HostName, PlayId, TaskId};
pub use object::{Object, ObjectKind, ObjectRef};
pub use outcome::{Outcome, Status};
pub use scope::{Deprecated, EmptyScope, Scope};
pub use span::{Source, Span};
pub use system_error::{python_words, system_words};
pub use task_info::{PlayInfo, TaskInfo, TaskKind};
pub use template::Template;
pub use value::{Dict, Key, List, Marks, Range, Text, Undefined, UndefinedReason, Value};
