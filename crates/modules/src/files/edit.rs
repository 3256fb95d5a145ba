//! Changing a part of a text file: reading it in its encoding, writing it back after a
//! validation, its attributes. Must not know what is changed.

use std::fs;
use std::io;
use std::path::PathBuf;

use nafal_base::charset::{Charset, CharsetError};
use nafal_base::{Dict, Outcome, Value};

use super::attributes::{Differences, Wanted, end_of_links};
use super::failure::{Failure, Result, errno_text};
use super::staged::{Content, Staged};
use super::{backup, difference, paths, validation};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::lines;
use crate::python_regex::{Alphabet, Anchors, Pattern};

/// A file that is edited.
pub struct Edit<'a> {
    /// The task's arguments.
    pub args: &'a Arguments,
    /// Its surroundings.
    pub ctx: &'a Ctx,
    /// The path as it was given.
    pub shown: &'a str,
    /// The path as the system is asked for it.
    pub real: PathBuf,
}

impl<'a> Edit<'a> {
    /// An edit of the file that an argument names.
    pub fn new(args: &'a Arguments, ctx: &'a Ctx, argument: &str) -> Edit<'a> {
        let shown = args.required_text(argument);
        Edit { args, ctx, shown, real: ctx.resolve(shown) }
    }

    /// The encoding that the task names.
    fn charset(&self) -> Result<Charset> {
        Ok(Charset::named(self.args.text("encoding").unwrap_or("utf-8"))?)
    }

    /// The text; None when there is no file. Bytes that are no text fail, as with stock.
    pub fn read(&self) -> Result<Option<String>> {
        let charset = self.charset()?;
        match fs::read(&self.real) {
            Ok(bytes) => Ok(Some(charset.decode(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::new(errno_text(&error, Some(self.shown)))),
        }
    }

    /// The text with ends of lines as stock reads it: in text mode, which makes every kind of
    /// end a newline (so an edit of a file with CRLF rewrites all of its lines).
    pub fn read_lines(&self) -> Result<Option<String>> {
        Ok(self.read()?.map(lines::universal))
    }

    /// The folder that a new file needs.
    pub fn make_folder(&self) -> Result<()> {
        let folder = paths::folder_of(self.shown);
        let real = self.ctx.resolve(folder);
        if folder.is_empty() || real.exists() || self.ctx.is_check() {
            return Ok(());
        }
        fs::create_dir_all(&real).map_err(|error| {
            let why = errno_text(&error, Some(folder));
            Failure::new(format!("Error creating {folder} ({why})"))
        })
    }

    /// Backs up when asked to; gives the name of the backup.
    pub fn backup(&self) -> Result<Option<String>> {
        if self.ctx.is_check() || !self.args.is("backup") {
            return Ok(None);
        }
        backup::backup(&self.real)
    }

    /// Writes the new text, in apply mode only.
    pub fn write(&self, text: &str) -> Result<()> {
        self.write_bytes(|charset| charset.encode(text))
    }

    /// The same as stock's lineinfile does it, which tells where in its line a character stands that
    /// the encoding hasn't.
    pub fn write_lines(&self, text: &str) -> Result<()> {
        self.write_bytes(|charset| {
            charset.encode(text).map_err(|error| {
                let mut lines = text.split_inclusive('\n');
                lines.find_map(|line| charset.encode(line).err()).unwrap_or(error)
            })
        })
    }

    fn write_bytes(
        &self,
        encode: impl FnOnce(Charset) -> Result<Vec<u8>, CharsetError>,
    ) -> Result<()> {
        if self.ctx.is_check() {
            return Ok(());
        }
        let bytes = encode(self.charset()?)?;
        let options = self.ctx.write_options(self.args);
        let staged = Staged::new(&paths::real_path(&self.real), Content::Bytes(&bytes), &options)?;
        if let Some(command) = self.args.text("validate")
            && let Err(refused) = validation::validate(command, staged.path(), self.ctx)?
        {
            let message =
                format!("failed to validate: rc:{} error:{}", refused.code, refused.stderr);
            return Err(Failure::new(message));
        }
        Ok(staged.commit()?)
    }

    /// Sets attributes; `message` says so when that changes something.
    pub fn attributes(
        &self,
        changed: &mut bool,
        message: &mut String,
        differences: &mut Differences,
    ) -> Result<()> {
        let path = match self.args.flag("follow") {
            Some(true) => end_of_links(&self.real),
            _ => self.real.clone(),
        };
        let wanted = Wanted::from_arguments(self.args);
        if wanted.apply(self.ctx.subject(&path), differences)? {
            if *changed {
                message.push_str(" and ");
            }
            *changed = true;
            message.push_str("ownership, perms or SE linux context changed");
        }
        Ok(())
    }

    /// The result with both differences: of content and of attributes.
    pub fn finish(
        &self,
        outcome: Outcome,
        (before, after): (&str, &str),
        attributes: Differences,
    ) -> Outcome {
        let mut other = Dict::new();
        if !attributes.before.is_empty() {
            other.insert("before", attributes.before.into());
            other.insert("after", attributes.after.into());
        }
        let header = format!("{} (file attributes)", self.shown);
        other.insert("before_header", header.as_str().into());
        other.insert("after_header", header.into());
        let both = vec![Value::Dict(self.content_difference(before, after)), other.into()];
        outcome.with("diff", both)
    }

    /// The difference of content; its texts only when they are wanted.
    pub fn content_difference(&self, before: &str, after: &str) -> Dict {
        let header = format!("{} (content)", self.shown);
        let (before, after) = if self.ctx.wants_diff() { (before, after) } else { ("", "") };
        difference::of_texts((before, after), (&header, &header))
    }
}

/// A regular expression of the task's; one that is wrong is an error that stock doesn't expect.
pub fn compile(source: &str, anchors: Anchors) -> Result<Pattern> {
    Pattern::new(source, Alphabet::Unicode, anchors).map_err(|error| Failure::raised([error]))
}
