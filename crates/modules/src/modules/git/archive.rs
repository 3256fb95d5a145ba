//! The version as one file. Must not know how it came to be checked out.

use std::fs;
use std::path::Path;

use super::command::Git;
use super::settings::Settings;
use crate::files::{Content, Failure, Result, write};

/// The endings, with the formats that they mean.
const FORMATS: [&str; 4] = ["tar.gz", "tgz", "tar", "zip"];

impl Git<'_> {
    /// Makes the archive that is asked for; says whether it is another one than before.
    pub fn archive(&self, settings: &Settings<'_>, folder: &Path) -> Result<bool> {
        let Some(named) = settings.args.text("archive").filter(|name| !name.is_empty()) else {
            return Ok(false);
        };
        let Some(format) =
            FORMATS.into_iter().find(|format| named.ends_with(&format!(".{format}")))
        else {
            return Err(Failure::new(format!(
                "Unable to get file extension from archive file name : {named}"
            ))
            .with("details", "Please specify archive as filename with extension. File extension can be one of ['tar', 'tar.gz', 'zip', 'tgz']"));
        };
        let archive = self.ctx.resolve(named);
        if self.ctx.is_check() {
            return Ok(false);
        }
        if !archive.exists() {
            self.pack(settings, folder, format, &archive)?;
            return Ok(true);
        }
        let failed = |error: std::io::Error| {
            Failure::new("Failed to perform archive operation").with("details", error.to_string())
        };
        let random = crate::files::staged::random_text().map_err(failed)?;
        let made = self.ctx.temporary().join(format!("archive-{random}.{format}"));
        let packed = self.pack(settings, folder, format, &made).and_then(|()| {
            let (new, old) =
                (fs::read(&made).map_err(failed)?, fs::read(&archive).map_err(failed)?);
            if new == old {
                return Ok(false);
            }
            write(&archive, Content::Bytes(&new), &self.ctx.write_options(settings.args))?;
            Ok(true)
        });
        // What stays goes with the agent's folder.
        let _ = fs::remove_file(&made);
        packed
    }

    fn pack(&self, settings: &Settings<'_>, folder: &Path, format: &str, to: &Path) -> Result<()> {
        let to = to.to_string_lossy();
        let mut words = vec!["archive", "--format", format, "--output", &to];
        if let Some(prefix) = settings.args.text("archive_prefix") {
            words.extend(["--prefix", prefix]);
        }
        words.push(settings.version);
        let ran = self.run(Some(folder), &words)?;
        if ran.is_good() {
            return Ok(());
        }
        let (from, why) = (folder.display(), &ran.stderr);
        Err(Failure::new("Failed to perform archive operation").with(
            "details",
            format!("Git archive command failed to create archive {to} using {from} directory.Error: {why}"),
        ))
    }
}
