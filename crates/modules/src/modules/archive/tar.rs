//! A tar archive from files. Must not know how it is packed.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use tar::{Builder, EntryType, Header};

use crate::files::owner;

/// The length of a tape's record, in which tar writes.
const RECORD: u64 = 10 * 1024;

/// Counts what goes through.
struct Counted<'a> {
    out: &'a mut dyn Write,
    total: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.total += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// An archive that is being written.
pub struct Tar<'a> {
    builder: Builder<Counted<'a>>,
    /// Files with more than one name, by what they are, and the name that they were archived under.
    linked: HashMap<(u64, u64), String>,
}

impl<'a> Tar<'a> {
    /// An empty one.
    pub fn new(out: &'a mut dyn Write) -> Tar<'a> {
        Tar { builder: Builder::new(Counted { out, total: 0 }), linked: HashMap::new() }
    }

    /// Adds a file, a folder without its content, a link, or what else there is.
    pub fn add(&mut self, path: &Path, name: &str) -> io::Result<()> {
        let data = fs::symlink_metadata(path)?;
        let kind = data.file_type();
        let mut header = Header::new_ustar();
        header.set_metadata(&data);
        header.set_size(0);
        header.set_device_major(0)?;
        header.set_device_minor(0)?;
        let users = |name: Option<String>| name.filter(|name| name.len() < 32).unwrap_or_default();
        header.set_username(&users(owner::user_by_id(data.uid()).map(|user| user.name)))?;
        header.set_groupname(&users(owner::group_by_id(data.gid()).map(|group| group.name)))?;
        if kind.is_dir() {
            header.set_entry_type(EntryType::Directory);
            return self.builder.append_data(&mut header, format!("{name}/"), io::empty());
        }
        if kind.is_symlink() {
            header.set_entry_type(EntryType::Symlink);
            return self.builder.append_link(&mut header, name, fs::read_link(path)?);
        }
        let identity = (data.dev(), data.ino());
        if let Some(first) = self.linked.get(&identity) {
            header.set_entry_type(EntryType::Link);
            let first = PathBuf::from(first);
            return self.builder.append_link(&mut header, name, first);
        }
        if data.nlink() > 1 {
            self.linked.insert(identity, name.to_owned());
        }
        if kind.is_file() {
            header.set_entry_type(EntryType::Regular);
            header.set_size(data.len());
            // A file that grows meanwhile ends where it ended.
            let content = io::Read::take(File::open(path)?, data.len());
            return self.builder.append_data(&mut header, name, content);
        }
        if kind.is_fifo() {
            header.set_entry_type(EntryType::Fifo);
        } else if kind.is_char_device() || kind.is_block_device() {
            let is_block = kind.is_block_device();
            header.set_entry_type(if is_block { EntryType::Block } else { EntryType::Char });
            header.set_device_major(rustix::fs::major(data.rdev()))?;
            header.set_device_minor(rustix::fs::minor(data.rdev()))?;
        } else {
            // Sockets are nothing that one could unpack.
            return Ok(());
        }
        self.builder.append_data(&mut header, name, io::empty())
    }

    /// Ends it.
    pub fn finish(self) -> io::Result<()> {
        let mut counted = self.builder.into_inner()?;
        let missing = counted.total.next_multiple_of(RECORD) - counted.total;
        io::copy(&mut io::Read::take(io::repeat(0), missing), &mut counted)?;
        counted.flush()
    }
}
