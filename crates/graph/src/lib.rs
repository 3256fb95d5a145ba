//! A play compiled into a graph of tasks: what comes after what, what reads what, who is notified,
//! where a failure goes. Immutable once it is built; an include that is resolved while running
//! compiles to a graph of its own, which the executor splices below its placeholder.
//!
//! Must not know how anything is run, nor where files are found ([`Library`] is given).

mod analysis;
mod compile;
mod context;
mod edges;
mod error;
pub mod export;
pub mod findings;
mod handlers;
mod inherit;
mod library;
mod node;
mod outline;
mod tags;
mod task_graph;

pub use analysis::{Reader, Writer, reads_of, writes_of};
pub use compile::{
    Apply, ForcedHandlers, Gathering, Numbers, ROLE_FLAGS, Settings, Visibility, compile_include,
    compile_play, compile_role_include,
};
pub use context::{Context, RoleContext, VariableLayers, seen_vars};
pub use edges::Edge;
pub use error::Error;
pub use handlers::{Flush, Handlers, HandlersFile};
pub use inherit::inherit;
pub use library::{Library, PlaybookMeta, RoleFiles, TasksFile, searched};
pub use nafal_parser::playbook::ast::TaskOrigin;
pub use node::{BlockId, BlockNode, Node, RoleId, TaskNode};
pub use outline::{Outline, OutlineEdge, OutlineEdgeKind, OutlineKind, OutlineNode};
pub use tags::TagFilter;
pub use task_graph::{Export, TaskGraph, UsedRole};
