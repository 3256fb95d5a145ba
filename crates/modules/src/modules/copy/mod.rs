//! `copy`, the half on the target: a file or folder that is already there goes to its place; and
//! `nafal.builtin.write`, which does all of a small copy in one round trip.

mod folders;
mod place;
mod single;
mod write;

pub use single::MODULE;
pub use write::MODULE as WRITE;
