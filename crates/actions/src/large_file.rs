//! A large file of the controller: its checksum goes ahead, and the file only where another one is there. It
//! travels in pieces, and is never held as a whole. Must not know vaults: what is one isn't sent as it is.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use nafal_base::{Dict, Outcome, Value};
use sha1::{Digest, Sha1};

use crate::context::ActionContext;
use crate::payload::{INLINE, run_copy};

/// How much is read at once.
const PIECE: usize = 256 * 1024;

/// A file that is open, with what tells it from others.
pub(crate) struct LargeFile {
    file: File,
    size: u64,
    checksum: String,
}

impl LargeFile {
    /// The file, when it is one, and too large to be held.
    pub fn open(path: &Path) -> io::Result<Option<LargeFile>> {
        let mut file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() || metadata.len() <= INLINE as u64 {
            return Ok(None);
        }
        let checksum = sha1_of(&mut file)?;
        file.rewind()?;
        Ok(Some(LargeFile { size: metadata.len(), file, checksum }))
    }

    /// Its SHA-1 in hexadecimal.
    pub fn checksum(&self) -> &str {
        &self.checksum
    }

    /// Puts it where `args` say, unless it is there.
    pub fn deliver(&mut self, context: &ActionContext<'_>, header: &str, args: Dict) -> Outcome {
        let mut asked = args.clone();
        asked.insert("_sha1", Value::from(self.checksum.as_str()));
        asked.insert("_size", Value::Int(i64::try_from(self.size).unwrap_or(i64::MAX)));
        let outcome = context.remote.run("nafal.builtin.write", asked);
        if !outcome.values.contains("_nafal_wanted") {
            return outcome;
        }
        match context.remote.put(&mut self.file) {
            Ok(path) => run_copy(context, path, header, args),
            Err(outcome) => outcome,
        }
    }
}

fn sha1_of(file: &mut File) -> io::Result<String> {
    let mut hasher = Sha1::new();
    let mut buffer = vec![0_u8; PIECE];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => hasher.update(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(hex::encode(hasher.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_large() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, vec![b'x'; INLINE]).unwrap();
        assert!(LargeFile::open(&path).unwrap().is_none());
        assert!(LargeFile::open(folder.path()).unwrap().is_none());
        std::fs::write(&path, vec![b'x'; INLINE + 1]).unwrap();
        let file = LargeFile::open(&path).unwrap().unwrap();
        assert_eq!(file.size, 1_048_577);
        assert_eq!(file.checksum(), crate::payload::sha1_of(&vec![b'x'; INLINE + 1]));
    }
}
