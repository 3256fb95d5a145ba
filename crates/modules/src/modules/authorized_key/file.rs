//! A file of authorized keys: its folder, its owner, its modes. Must not know keys.

use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};

use nafal_base::charset::Charset;

use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::owner::User;
use crate::files::{Content, Failure, Options, Result, paths, staged};

/// Whether the file's folder is made and put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folder {
    Managed,
    /// It is only made where it isn't there.
    Left,
}

/// A user's file of keys.
pub(super) struct KeyFile<'a> {
    pub ctx: &'a Ctx,
    pub shown: String,
    /// None in check mode alone.
    pub user: Option<User>,
    pub folder: Folder,
}

impl KeyFile<'_> {
    /// Its text; empty where there is none.
    pub fn read(&self) -> Result<String> {
        match fs::read(self.ctx.resolve(&self.shown)) {
            Ok(bytes) => Ok(Charset::Utf8.decode(&bytes)?),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(Failure::raised([errno_text(&error, Some(&self.shown))])),
        }
    }

    /// Writes it. The folder is only put right when the file changes, as in stock.
    pub fn write(&self, text: &str) -> Result<()> {
        self.make_folder()?;
        let real = self.ctx.resolve(&self.shown);
        let options = Options { ceiling: Some(0o600), ..self.ctx.plain_options() };
        staged::write(&real, Content::Bytes(text.as_bytes()), &options)?;
        self.give(&self.shown, 0o600)
    }

    fn make_folder(&self) -> Result<()> {
        let folder = paths::folder_of(&self.shown);
        let real = self.ctx.resolve(folder);
        if self.folder == Folder::Managed {
            if !real.exists() {
                let made = fs::DirBuilder::new().mode(0o700).create(&real);
                made.map_err(|error| {
                    let why = errno_text(&error, Some(folder));
                    Failure::new(format!("Failed to create directory {folder} : {why}"))
                })?;
            }
            return self.give(folder, 0o700);
        }
        if real.exists() {
            return Ok(());
        }
        let mode = 0o777 & !self.ctx.umask();
        let made = fs::DirBuilder::new().recursive(true).mode(mode).create(&real);
        made.map_err(|error| Failure::raised([errno_text(&error, Some(folder))]))
    }

    /// It is the user's, with this mode.
    fn give(&self, shown: &str, mode: u32) -> Result<()> {
        let real = self.ctx.resolve(shown);
        let failed = |error: std::io::Error| Failure::raised([errno_text(&error, Some(shown))]);
        if let Some(user) = &self.user {
            chown(&real, Some(user.uid), Some(user.gid)).map_err(failed)?;
        }
        fs::set_permissions(&real, Permissions::from_mode(mode)).map_err(failed)
    }
}
