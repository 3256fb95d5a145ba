//! `mount` and `umount`. Must not know fstab's lines.

use super::fstab::Entry;
use crate::ctx::Ctx;
use crate::files::Result;
use crate::files::tools::Gave;

/// The tools, for one place.
pub(super) struct Tools<'a> {
    pub ctx: &'a Ctx,
    pub entry: &'a Entry,
    /// Another file than the system's.
    pub fstab: Option<&'a str>,
}

/// What a tool said that failed.
type Said = std::result::Result<(), String>;

impl Tools<'_> {
    /// Runs a tool in the language of the task.
    fn ask(&self, tool: &str, words: &[&str]) -> Result<Gave> {
        let mut command = self.ctx.command(self.ctx.tool(tool)?);
        command.args(words);
        self.ctx.run_prepared(command, None)
    }

    fn run(&self, tool: &str, words: &[&str]) -> Said {
        let gave = self.ask(tool, words).map_err(|failure| failure.to_string())?;
        match gave.code {
            0 => Ok(()),
            _ => Err(gave.stdout + &gave.stderr),
        }
    }

    fn table_words(&self) -> Vec<&str> {
        self.fstab.map_or_else(Vec::new, |file| vec!["-T", file])
    }

    /// Mounts what fstab has.
    pub fn mount(&self) -> Said {
        let mut words = self.table_words();
        words.push(&self.entry.place);
        self.run("mount", &words)
    }

    /// Unmounts the last that was mounted.
    pub fn unmount(&self) -> Said {
        self.run("umount", &[&self.entry.place])
    }

    /// Gives what is mounted other options.
    pub fn remount(&self, options: Option<&str>) -> Said {
        let options = match options {
            Some(options) => format!("remount,{options}"),
            None => "remount".to_owned(),
        };
        let mut words = vec!["-o", options.as_str()];
        words.extend(self.table_words());
        words.push(&self.entry.place);
        self.run("mount", &words)
    }

    /// The same; where that isn't possible it is unmounted and mounted.
    pub fn remount_or_anew(&self) -> Said {
        self.remount(None).or_else(|_| self.unmount().and_then(|()| self.mount()))
    }

    /// Mounts what the task says, whatever is in fstab.
    pub fn mount_as_given(&self, again: Again, options: Option<&str>) -> Said {
        let mut words = match again {
            Again::Yes => vec!["-o", "remount"],
            Again::No => Vec::new(),
        };
        words.extend(["-t", self.entry.kind.as_deref().unwrap_or_default()]);
        if options.is_some() {
            words.extend(["-o", self.entry.options.as_str()]);
        }
        words.extend([self.entry.source.as_deref().unwrap_or_default(), &self.entry.place]);
        self.run("mount", &words)
    }

    /// What `mount` says of the source of a place.
    pub fn source_of(&self, place: &str) -> Result<Option<String>> {
        let gave = self.ask("mount", &["-v"])?;
        let read = |line: &str| {
            let (source, rest) = line.split_once(" on ")?;
            let (found, _) = rest.split_once(" type ")?;
            (found == place).then(|| source.to_owned())
        };
        Ok(gave.stdout.lines().rev().find_map(read))
    }
}

/// Whether something is mounted at a place already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    Yes,
    No,
}
