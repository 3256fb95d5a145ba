//! Several files in one piece of bytes, as they travel to a target: MessagePack, deflated. Must not know
//! where the files come from or go to.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::{Deserialize, Serialize};

/// The most that a bundle unpacks to, in bytes: a broken or hostile one must not fill memory.
const LARGEST: u64 = 512 * 1024 * 1024;

/// Files by their paths.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    /// A relative path without `..`, and the content.
    files: Vec<(String, serde_bytes::ByteBuf)>,
}

impl Bundle {
    /// Adds a file.
    pub fn add(&mut self, path: impl Into<String>, content: Vec<u8>) {
        self.files.push((path.into(), content.into()));
    }

    /// The files.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, content)| (path.as_str(), content.as_slice()))
    }

    /// How it travels.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let packed = rmp_serde::to_vec(self).map_err(io::Error::other)?;
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&packed)?;
        encoder.finish()
    }

    /// What travelled.
    pub fn from_bytes(bytes: &[u8]) -> io::Result<Bundle> {
        let mut packed = Vec::new();
        ZlibDecoder::new(bytes).take(LARGEST).read_to_end(&mut packed)?;
        rmp_serde::from_slice(&packed)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let mut bundle = Bundle::default();
        bundle.add("a/b.py", vec![0, 255, 7]);
        bundle.add("c", vec![b'x'; 10_000]);
        let bytes = bundle.to_bytes().unwrap();
        assert!(bytes.len() < 200);
        assert_eq!(Bundle::from_bytes(&bytes).unwrap(), bundle);
        assert!(Bundle::from_bytes(&bytes[..20]).is_err());
    }
}
