//! What an archive is compared by: of tar the entries' heads (times, sizes and modes are in them, contents aren't), of zip
//! names and checksums, of a single file its content. Must not know where archives come from.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::Path;

use flate2::Crc;

use super::format::Format;

/// What two archives have in common when nothing has changed.
#[derive(Debug, PartialEq, Eq)]
pub enum Listing {
    /// Names with a sum each.
    Entries(BTreeSet<(Vec<u8>, u32)>),
    /// The sum of a single file's content.
    Content(u32),
}

/// Whether there are entries in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Entries.
    Entries,
    /// One file's content.
    Content,
}

/// What is in a file; an error where it isn't of this format.
pub fn read(path: &Path, format: Format, holds: Holds) -> io::Result<Listing> {
    match (holds, format) {
        (Holds::Entries, Format::Zip) => zipped(path),
        (Holds::Entries, _) => {
            let mut archive = ::tar::Archive::new(format.unpack(path)?);
            let mut entries = BTreeSet::new();
            for entry in archive.entries()? {
                let entry = entry?;
                entries.insert((entry.path_bytes().into_owned(), entry.header().cksum()?));
            }
            Ok(Listing::Entries(entries))
        }
        (Holds::Content, _) => {
            let mut content = format.unpack(path)?;
            let (mut sum, mut buffer) = (Crc::new(), vec![0; 64 * 1024]);
            loop {
                match content.read(&mut buffer)? {
                    0 => return Ok(Listing::Content(sum.sum())),
                    length => sum.update(&buffer[..length]),
                }
            }
        }
    }
}

fn zipped(path: &Path) -> io::Result<Listing> {
    let mut archive = ::zip::ZipArchive::new(io::BufReader::new(File::open(path)?))?;
    let mut entries = BTreeSet::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index)?;
        entries.insert((entry.name_raw().to_vec(), entry.crc32()));
    }
    Ok(Listing::Entries(entries))
}
