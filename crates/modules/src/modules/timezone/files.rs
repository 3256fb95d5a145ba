//! The files that hold a time zone where systemd doesn't: Debian's /etc/timezone and /etc/default/rcS, the
//! others' /etc/sysconfig/clock, and /etc/localtime of them all. Must not know what is wanted.

use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use nafal_base::charset::Charset;

use super::run::{Stop, What, clock_of, shown};
use super::way::{ZONES, execute, unknown, zone};
use crate::arguments::{FALSE_WORDS, TRUE_WORDS};
use crate::ctx::Ctx;
use crate::facts;
use crate::files::{Content, Failure, Result, links, paths, staged};

const LOCALTIME: &str = "/etc/localtime";
const ADJTIME: &str = "/etc/adjtime";
const CLOCK: &str = "/etc/sysconfig/clock";

/// How a change of the zone reaches /etc/localtime.
#[derive(Debug)]
enum Update {
    /// A link, then debconf's own choice of names.
    Debian(PathBuf),
    /// A tool that reads the file.
    Tool(PathBuf),
    /// A copy of the zone's file.
    Copy,
}

/// Those of a machine, and its tools.
#[derive(Debug)]
pub struct Files {
    update: Update,
    hwclock: Option<PathBuf>,
    /// The setting in which the zone is, where it is one.
    key: &'static str,
}

impl Files {
    /// What this machine has.
    pub fn find(ctx: &Ctx, planned: &[(What, &str)]) -> Result<Files> {
        let is_of_clock = planned.iter().any(|(what, _)| *what == What::Clock);
        let release = facts::release();
        let id = release.iter().rev().find(|(name, _)| name == "ID").map(|(_, id)| id.as_str());
        if let Some(id @ ("alpine" | "gentoo")) = id {
            return Err(unknown(id));
        }
        let hwclock = if is_of_clock { Some(ctx.tool("hwclock")?) } else { None };
        if let Some(tool) = ctx.find_tool("dpkg-reconfigure") {
            return Ok(Files { update: Update::Debian(tool), hwclock, key: "" });
        }
        let update = ctx.find_tool("tzdata-update").map_or(Update::Copy, Update::Tool);
        let text = std::fs::read(CLOCK).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let has_long = text.lines().any(|line| setting(line, "TIMEZONE").is_some());
        let key = if has_long { "TIMEZONE" } else { "ZONE" };
        Ok(Files { update, hwclock, key })
    }

    fn file_of(&self, what: What) -> &'static str {
        match (&self.update, what) {
            (Update::Debian(_), What::Name) => "/etc/timezone",
            (Update::Debian(_), What::Clock) => "/etc/default/rcS",
            _ => CLOCK,
        }
    }

    /// What a line says, if it is the one.
    fn said<'a>(&self, line: &'a str, what: What) -> Option<&'a str> {
        match what {
            What::Clock => setting(line, "UTC").and_then(|value| value.split_whitespace().next()),
            What::Name if self.key.is_empty() => {
                let starts = !line.starts_with(char::is_whitespace);
                line.split_whitespace().next().filter(|_| starts)
            }
            What::Name => {
                let value = setting(line, self.key)?;
                let value = value.strip_prefix('"').unwrap_or(value);
                value.split(['"', ' ', '\t']).next().filter(|value| !value.is_empty())
            }
        }
    }

    /// The value that there is. What the file says in the planned words is believed only as far as the clock's own
    /// file and /etc/localtime agree (case `module-timezone`).
    pub fn value_of(&self, what: What, planned: &str) -> Result<Option<String>, Stop> {
        let Some(text) = read(self.file_of(what), what.word())? else { return Ok(None) };
        let Some(value) = text.lines().find_map(|line| self.said(line, what)) else {
            return Ok(None);
        };
        let value = match what {
            What::Name => value.to_owned(),
            What::Clock => clock_of(is_yes(value)?),
        };
        if value != planned {
            return Ok(Some(value));
        }
        match what {
            What::Name => Ok(local_zone(planned)),
            What::Clock => {
                let text = read(ADJTIME, "adjtime")?.unwrap_or_default();
                let word = text.lines().find(|line| matches!(*line, "UTC" | "LOCAL"));
                Ok(Some(clock_of(word != Some("LOCAL"))))
            }
        }
    }

    /// Writes a value, and does what makes it count.
    pub fn set(
        &self,
        ctx: &Ctx,
        what: What,
        value: &str,
        told: &mut Vec<String>,
    ) -> Result<(), Stop> {
        let line = match what {
            What::Clock => format!("UTC={}", if value == "UTC" { "yes" } else { "no" }),
            What::Name if self.key.is_empty() => value.to_owned(),
            What::Name => format!("{}=\"{value}\"", self.key),
        };
        self.write(ctx, what, &line, told)?;
        match (what, &self.update) {
            (What::Clock, _) => {
                let option = if value == "UTC" { "--utc" } else { "--localtime" };
                let tool = self.hwclock.as_deref().unwrap_or(Path::new("hwclock"));
                execute(ctx, tool, &["--systohc", option], told)?;
            }
            (What::Name, Update::Debian(tool)) => {
                links::replace(LOCALTIME.as_ref(), |path| symlink(zone(value), path))
                    .map_err(|error| Failure::new(format!("{LOCALTIME} can't be made: {error}")))?;
                ctx.need_tool(tool, &["--frontend", "noninteractive", "tzdata"])?;
            }
            (What::Name, Update::Tool(tool)) => {
                ctx.need_tool::<&str>(tool, &[])?;
            }
            (What::Name, Update::Copy) => {
                let source = zone(value);
                staged::write(LOCALTIME.as_ref(), Content::CopyOf(&source), &ctx.plain_options())
                    .map_err(Failure::from)?;
            }
        }
        Ok(())
    }

    /// The new line takes the place of the first that said it, the others go; else it is the first of all.
    fn write(&self, ctx: &Ctx, what: What, line: &str, told: &mut Vec<String>) -> Result<(), Stop> {
        let file = self.file_of(what);
        let text = read(file, what.word())?.unwrap_or_default();
        let (new, deleted) = replaced(&text, line, |line| self.said(line, what).is_some());
        let content = Content::Bytes(new.as_bytes());
        staged::write(&paths::real_path(file.as_ref()), content, &ctx.plain_options())
            .map_err(|_| refused(file, what.word(), "write to"))?;
        told.push(format!("Added 1 line and deleted {deleted} line(s) on {file}"));
        Ok(())
    }
}

fn refused(file: &str, word: &str, verb: &str) -> Stop {
    let end = if verb == "read" { "read it" } else { "write to it" };
    Stop::Told(format!("tried to configure {word} using a file \"{file}\", but could not {end}"))
}

/// A file's text; None when there is no file.
fn read(file: &str, word: &str) -> Result<Option<String>, Stop> {
    match std::fs::read(file) {
        Ok(bytes) => Ok(Some(Charset::Utf8.decode(&bytes).map_err(Failure::from)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(_) => Err(refused(file, word, "read")),
    }
}

/// The text with a line instead of those that are meant, and how many those were.
fn replaced(text: &str, line: &str, is_meant: impl Fn(&str) -> bool) -> (String, usize) {
    let mut new = String::with_capacity(text.len() + line.len() + 1);
    let mut deleted = 0;
    for old in text.split_inclusive('\n') {
        if !is_meant(old) {
            new.push_str(old);
            continue;
        }
        if deleted == 0 {
            new.push_str(line);
            new.push('\n');
        }
        deleted += 1;
    }
    if deleted == 0 { (format!("{line}\n{new}"), 0) } else { (new, deleted) }
}

/// The value of `NAME = value`.
fn setting<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(name)?.trim_start().strip_prefix('=')?;
    Some(rest.trim_start()).filter(|value| !value.is_empty())
}

fn is_yes(word: &str) -> Result<bool> {
    let lower = word.to_lowercase();
    match lower.as_str() {
        lower if TRUE_WORDS.contains(&lower) => Ok(true),
        lower if FALSE_WORDS.contains(&lower) => Ok(false),
        _ => Err(Failure::raised([format!(
            "The value {} is not a valid boolean.",
            nafal_base::value::string_repr(word)
        )])),
    }
}

/// The zone of /etc/localtime: the name that a link has, else whether it is the planned one's content.
fn local_zone(planned: &str) -> Option<String> {
    let local = Path::new(LOCALTIME);
    if let Ok(target) = std::fs::read_link(local) {
        let target = paths::normal_path(&Path::new("/etc").join(target));
        let name = shown(target.strip_prefix(ZONES).ok()?);
        return target.exists().then_some(name);
    }
    let here = std::fs::read(local).ok()?;
    let there = std::fs::read(zone(planned)).ok()?;
    (here == there).then(|| planned.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(key: &'static str) -> Files {
        Files { update: Update::Copy, hwclock: None, key }
    }

    #[test]
    fn lines() {
        let said = |key, line| files(key).said(line, What::Name).map(str::to_owned);
        assert_eq!(said("", "Asia/Tokyo x").as_deref(), Some("Asia/Tokyo"));
        assert_eq!(said("", " Asia/Tokyo"), None);
        assert_eq!(said("ZONE", "ZONE = \"Asia/Tokyo\" # x").as_deref(), Some("Asia/Tokyo"));
        assert_eq!(said("ZONE", "TIMEZONE=UTC"), None);
        assert_eq!(files("").said("UTC = no\n", What::Clock), Some("no"));
        assert_eq!(files("").said("#UTC=no", What::Clock), None);
    }

    #[test]
    fn changes() {
        let is_utc = |line: &str| setting(line, "UTC").is_some();
        let text = "# x\nUTC=no\n#UTC=yes\n UTC=yes\nUTC=maybe";
        let (new, deleted) = replaced(text, "UTC=yes", is_utc);
        assert_eq!((new.as_str(), deleted), ("# x\nUTC=yes\n#UTC=yes\n UTC=yes\n", 2));
        assert_eq!(replaced("A=1", "UTC=no", is_utc), ("UTC=no\nA=1".to_owned(), 0));
    }
}
