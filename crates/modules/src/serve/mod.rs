//! The agent: requests come in, modules run side by side, results go out. It ends when its input
//! ends, and nothing that it started outlives it. Must not know what is at the other end.

mod crash;
mod files;
mod pool;
mod session;
mod signals;

use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::path::Path;

use nafal_base::packing::{self, Packing};

use crate::module_file;

pub(crate) use crash::{guard, remember_places};
pub(crate) use files::OwnFolder;
pub use session::serve;
pub(crate) use signals::{forget_folder, note_folder};

/// The agent as a whole process: on stdin and stdout, with an eye on signals; or one job of an
/// agent's, or the module of a file, when the last words of its command line say so. Gives the exit code.
pub fn serve_process() -> i32 {
    let words: Vec<_> = std::env::args_os().collect();
    if let [.., word, file] = words.as_slice()
        && word == module_file::WORD
    {
        return module_file::run(Path::new(file));
    }
    let packing = match words.last().and_then(|last| last.to_str()) {
        Some(crate::jobs::WORD) => return crate::jobs::run(),
        Some(packing::WORD) => Packing::WhereItHelps,
        _ => Packing::Never,
    };
    crash::remember_places();
    signals::end_on_signals();
    let served = own_streams().and_then(|(input, output)| serve(input, output, packing));
    // An error means that the other end has gone: nobody is left to hear of it.
    i32::from(served.is_err())
}

/// Stdin and stdout as plain files: the library's own buffer, and cut at line ends.
fn own_streams() -> std::io::Result<(File, File)> {
    let input = std::io::stdin().as_fd().try_clone_to_owned()?;
    let output = std::io::stdout().as_fd().try_clone_to_owned()?;
    Ok((File::from(input), File::from(output)))
}

/// What results are written to.
pub(crate) type Output = Box<dyn Write + Send>;
