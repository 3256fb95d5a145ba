//! How an archive, or a single file, is packed. Must not know what is in it.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use flate2::GzBuilder;
use flate2::read::MultiGzDecoder;

/// `format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// gzip.
    Gz,
    /// bzip2.
    Bz2,
    /// xz.
    Xz,
    /// Not packed.
    Tar,
    /// An archive of its own kind.
    Zip,
}

impl Format {
    /// The one of this name.
    pub fn named(name: &str) -> Option<Format> {
        Some(match name {
            "gz" => Format::Gz,
            "bz2" => Format::Bz2,
            "xz" => Format::Xz,
            "tar" => Format::Tar,
            "zip" => Format::Zip,
            _ => return None,
        })
    }

    /// Whether a single file becomes an archive too.
    pub fn is_archive(self) -> bool {
        matches!(self, Format::Tar | Format::Zip)
    }

    /// Writes what `fill` writes, packed. `dest` is told in gzip's head, as Python does it.
    pub fn pack(
        self,
        dest: &Path,
        mut file: &mut File,
        fill: &dyn Fn(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        match self {
            Format::Gz => {
                let name = dest.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let name = name.strip_suffix(".gz").unwrap_or(&name).to_owned();
                let now =
                    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
                let builder =
                    GzBuilder::new().filename(name).mtime(u32::try_from(now).unwrap_or(0));
                let mut packer = builder.write(file, flate2::Compression::best());
                fill(&mut packer)?;
                packer.finish()?;
            }
            Format::Bz2 => {
                let mut packer = bzip2::write::BzEncoder::new(file, bzip2::Compression::best());
                fill(&mut packer)?;
                packer.finish()?;
            }
            Format::Xz => {
                let mut packer =
                    lzma_rust2::XzWriter::new(file, lzma_rust2::XzOptions::with_preset(6))?;
                fill(&mut packer)?;
                packer.finish()?;
            }
            Format::Tar | Format::Zip => fill(&mut file)?,
        }
        Ok(())
    }

    /// What is in a packed file.
    pub fn unpack(self, path: &Path) -> io::Result<Box<dyn Read>> {
        let file = BufReader::new(File::open(path)?);
        Ok(match self {
            Format::Gz => Box::new(MultiGzDecoder::new(file)),
            Format::Bz2 => Box::new(bzip2::read::MultiBzDecoder::new(file)),
            Format::Xz => Box::new(lzma_rust2::XzReader::new(file, true)),
            Format::Tar | Format::Zip => Box::new(file),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let folder = tempfile::tempdir().unwrap();
        for format in [Format::Gz, Format::Bz2, Format::Xz, Format::Tar] {
            let path = folder.path().join("f");
            let fill = |out: &mut dyn Write| out.write_all(&b"content".repeat(1000));
            format.pack(&path, &mut File::create(&path).unwrap(), &fill).unwrap();
            let mut text = Vec::new();
            format.unpack(&path).unwrap().read_to_end(&mut text).unwrap();
            assert_eq!(text, b"content".repeat(1000), "{format:?}");
        }
    }
}
