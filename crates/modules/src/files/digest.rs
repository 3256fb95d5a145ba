//! Checksums of files and bytes by the names that users give. Must not know why one asks.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use md5::Md5;
use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Sha224, Sha256, Sha384, Sha512};

/// The algorithms that `stat` and others offer.
pub const ALGORITHMS: [&str; 6] = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];

fn hasher(algorithm: &str) -> Option<Box<dyn DynDigest>> {
    Some(match algorithm {
        "md5" => Box::new(Md5::default()),
        "sha1" => Box::new(Sha1::default()),
        "sha224" => Box::new(Sha224::default()),
        "sha256" => Box::new(Sha256::default()),
        "sha384" => Box::new(Sha384::default()),
        "sha512" => Box::new(Sha512::default()),
        _ => return None,
    })
}

/// The checksum of bytes, in hexadecimal.
pub fn of_bytes(algorithm: &str, bytes: &[u8]) -> Option<String> {
    let mut hasher = hasher(algorithm)?;
    hasher.update(bytes);
    Some(hex::encode(hasher.finalize()))
}

/// The checksum of a file, in hexadecimal; [`io::ErrorKind::Unsupported`] for an algorithm that
/// isn't there.
pub fn of_file(algorithm: &str, path: &Path) -> io::Result<String> {
    let mut hasher = hasher(algorithm).ok_or(io::ErrorKind::Unsupported)?;
    let mut file = File::open(path)?;
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hex::encode(hasher.finalize())),
            Ok(count) => hasher.update(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// SHA-1 of bytes, in hexadecimal: what the modules compare by.
pub fn sha1_of(bytes: &[u8]) -> String {
    hex::encode(<Sha1 as sha1::Digest>::digest(bytes))
}

/// MD5 of bytes, in hexadecimal: what results also show.
pub fn md5_of(bytes: &[u8]) -> String {
    hex::encode(<Md5 as md5::Digest>::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        assert_eq!(sha1_of(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(of_bytes("sha1", b"abc").unwrap(), sha1_of(b"abc"));
        assert_eq!(md5_of(b"abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(of_bytes("crc32", b"abc"), None);
    }
}
