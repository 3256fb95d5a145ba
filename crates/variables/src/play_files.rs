//! The files that a play takes variables from: which ones depends on the host and on what is known
//! of it by now. How they are named and read is the engine's.

use std::fmt::Debug;

use nafal_base::Diagnostic;

use crate::layer::Layer;
use crate::scope::TaskScope;

/// Finds the files of a play.
pub trait PlayFiles: Debug + Send + Sync {
    /// What they give in a scope that has neither them nor anything stronger.
    fn find(&self, scope: &TaskScope) -> FoundFiles;
}

/// What the files of a play give.
#[derive(Clone, Debug, Default)]
pub struct FoundFiles {
    /// Their variables, the strongest last.
    pub layers: Vec<Layer>,
    /// Why the run can't go on.
    pub fault: Option<FilesFault>,
}

/// What is wrong with the files of a play.
#[derive(Clone, Debug)]
pub enum FilesFault {
    /// A name that can't be told though the host's facts are known, a file that can't be opened.
    Fatal(Box<Diagnostic>),
    /// A file that can't be used.
    Content(Vec<Diagnostic>),
}
