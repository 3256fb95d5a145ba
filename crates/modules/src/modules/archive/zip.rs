//! A zip archive from files: links are what they lead to, as Python's has it. Must not know which files.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// An archive that is being written.
pub struct Zip<W: Write + Seek>(ZipWriter<W>);

impl<W: Write + Seek> Zip<W> {
    /// An empty one.
    pub fn new(out: W) -> Zip<W> {
        Zip(ZipWriter::new(out))
    }

    /// Adds a file, or a folder without its content.
    pub fn add(&mut self, path: &Path, name: &str) -> io::Result<()> {
        let data = fs::metadata(path)?;
        let options = SimpleFileOptions::default()
            .unix_permissions(data.permissions().mode())
            .last_modified_time(time_of(&data).unwrap_or_default());
        if data.is_dir() {
            self.0.add_directory(name, options.compression_method(CompressionMethod::Stored))?;
            return Ok(());
        }
        let mut content = File::open(path)?;
        let is_large = data.len() >= u64::from(u32::MAX);
        let options = options.compression_method(CompressionMethod::Deflated).large_file(is_large);
        self.0.start_file(name, options)?;
        io::copy(&mut content, &mut self.0)?;
        Ok(())
    }

    /// Ends it.
    pub fn finish(self) -> io::Result<()> {
        self.0.finish()?;
        Ok(())
    }
}

/// When it was changed, by the clock on the wall; zip knows years from 1980 on.
fn time_of(data: &fs::Metadata) -> Option<DateTime> {
    let time = Timestamp::try_from(data.modified().ok()?).ok()?.to_zoned(TimeZone::system());
    let part = |number: i8| u8::try_from(number).ok();
    DateTime::from_date_and_time(
        u16::try_from(time.year()).ok()?,
        part(time.month())?,
        part(time.day())?,
        part(time.hour())?,
        part(time.minute())?,
        part(time.second())?,
    )
    .ok()
}
