//! All of apt's files with one-line sources, before and after a change. Must not know what is wanted.

use std::path::{Path, PathBuf};

use nafal_base::Value;
use nafal_base::charset::Charset;

use super::lines::{Line, State};
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Content, Differences, Failure, Result, Wanted, paths, staged};

const FOLDER: &str = "/etc/apt/sources.list.d";

/// A file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path as it is shown.
    pub path: String,
    /// What was in it; None when it is new.
    pub before: Option<String>,
    lines: Vec<Line>,
    is_changed: bool,
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays as it is.
    Kept,
    /// It is new.
    Added,
    /// It goes with its last line.
    Removed,
    /// It is written anew.
    Changed,
}

/// All of them.
pub struct Sources {
    /// In order of their names, that of apt itself last.
    pub files: Vec<Source>,
}

impl Source {
    /// What it will contain.
    pub fn after(&self) -> String {
        self.lines.iter().map(Line::text).collect()
    }

    /// What becomes of it.
    pub fn fate(&self) -> Fate {
        match (self.is_changed, &self.before) {
            (false, _) => Fate::Kept,
            (true, None) => Fate::Added,
            (true, Some(_)) if self.lines.is_empty() => Fate::Removed,
            (true, Some(_)) => Fate::Changed,
        }
    }
}

impl Sources {
    /// Reads them.
    pub fn read() -> Result<Sources> {
        let entries = std::fs::read_dir(FOLDER).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|end| end == "list"))
            .collect();
        paths.sort();
        paths.push(PathBuf::from("/etc/apt/sources.list"));
        let mut files = Vec::new();
        for path in paths.iter().filter(|path| path.is_file()) {
            let shown = path.display().to_string();
            let bytes = std::fs::read(path)
                .map_err(|error| Failure::raised([errno_text(&error, Some(&shown))]))?;
            let text = Charset::Utf8.decode(&bytes)?;
            let lines = text.lines().map(Line::read).collect();
            files.push(Source { path: shown, before: Some(text), lines, is_changed: false });
        }
        Ok(Sources { files })
    }

    /// Enables the source where it stands, or adds it to the file of this name.
    pub fn add(&mut self, wanted: &Line, name: Option<&str>) -> Result<()> {
        let mut is_there = false;
        for file in &mut self.files {
            for line in file.lines.iter_mut().filter(|line| line.is_same(wanted)) {
                is_there = true;
                file.is_changed |= line.state == State::Disabled;
                line.state = State::Enabled;
            }
        }
        if is_there {
            return Ok(());
        }
        let name = match name {
            Some(name) => name.to_owned(),
            // Stock's own words for a source without an address.
            None => {
                wanted.file_name().ok_or_else(|| Failure::raised(["list index out of range"]))?
            }
        };
        let path = match name.contains('/') {
            true => format!("{name}.list"),
            false => format!("{FOLDER}/{name}.list"),
        };
        match self.files.iter_mut().find(|file| file.path == path) {
            Some(file) => {
                file.lines.push(wanted.clone());
                file.is_changed = true;
            }
            None => self.files.push(Source {
                path,
                before: None,
                lines: vec![wanted.clone()],
                is_changed: true,
            }),
        }
        Ok(())
    }

    /// Removes the source wherever it is enabled.
    pub fn remove(&mut self, unwanted: &Line) {
        for file in &mut self.files {
            let before = file.lines.len();
            file.lines.retain(|line| line.state == State::Disabled || !line.is_same(unwanted));
            file.is_changed |= file.lines.len() != before;
        }
    }

    /// Writes what has changed; new files get this mode.
    pub fn write(&self, ctx: &Ctx, mode: Option<&Value>) -> Result<()> {
        for file in &self.files {
            match file.fate() {
                Fate::Kept => {}
                Fate::Removed => remove(ctx, &file.path)?,
                Fate::Changed => write(ctx, &file.path, &file.after())?,
                Fate::Added => {
                    write(ctx, &file.path, &file.after())?;
                    let wanted = Wanted { mode: mode.cloned(), ..Wanted::default() };
                    let real = ctx.resolve(&file.path);
                    wanted.apply(ctx.subject(&real), &mut Differences::default())?;
                }
            }
        }
        Ok(())
    }

    /// Brings back what was there before.
    pub fn revert(&self, ctx: &Ctx) -> Result<()> {
        for file in self.files.iter().filter(|file| file.is_changed) {
            match &file.before {
                Some(before) => write(ctx, &file.path, before)?,
                None => remove(ctx, &file.path)?,
            }
        }
        Ok(())
    }
}

fn write(ctx: &Ctx, path: &str, text: &str) -> Result<()> {
    let real = ctx.resolve(path);
    if let Some(folder) = real.parent().filter(|folder| !folder.exists()) {
        std::fs::create_dir_all(folder).map_err(|error| {
            let folder = folder.to_string_lossy();
            let why = errno_text(&error, Some(&folder));
            Failure::raised([format!("Failed to create directory {folder}: {why}")])
        })?;
    }
    let content = Content::Bytes(text.as_bytes());
    Ok(staged::write(&paths::real_path(&real), content, &ctx.plain_options())?)
}

fn remove(ctx: &Ctx, path: &str) -> Result<()> {
    match std::fs::remove_file(ctx.resolve(Path::new(path))) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::raised([errno_text(&error, Some(path))]))
        }
        _ => Ok(()),
    }
}
