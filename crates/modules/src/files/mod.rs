//! Everything that modules do with files: atomic writes, permissions, owners, labels, backups,
//! checksums, differences. Must not know any module.

pub mod arguments;
pub mod attributes;
pub mod backup;
pub mod difference;
pub mod digest;
pub mod edit;
pub mod failure;
pub mod flags;
pub mod info;
pub mod labels;
pub mod links;
pub mod metadata;
pub mod mode;
pub mod owner;
pub mod paths;
pub mod staged;
pub mod temporary;
pub mod tools;
pub mod validation;
pub mod waiting;

pub use arguments::FILE_ARGUMENTS;
pub use attributes::{Differences, Subject, Wanted};
pub use failure::{Failure, Result};
pub use staged::{Content, Options, Staged, UnsafeWrites, WriteError, Writer, write};
pub use temporary::Temporary;
