//! The ways in which Linux distributions keep a machine's name. Must not know tasks' results.

use std::io;
use std::path::Path;

use nafal_base::charset::Charset;

use super::entries::Entry;
use crate::ctx::Ctx;
use crate::facts;
use crate::files::failure::errno_text;
use crate::files::tools::Gave;
use crate::files::{Content, Failure, Options, Result, UnsafeWrites, paths, staged};

/// Where the name is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// `hostnamectl` has it.
    Systemd,
    /// A file holds nothing else; the kernel isn't told.
    File(&'static str),
    /// The same in /etc/hostname, and `hostname` reads it.
    Alpine,
    /// A line of a file.
    Line(&'static str, Entry),
}

const HOSTNAME: &str = "/etc/hostname";
const NETWORK: Strategy = Strategy::Line("/etc/sysconfig/network", Entry::Network);
const OPENRC: Strategy = Strategy::Line("/etc/conf.d/hostname", Entry::OpenRc);
const SLES: Strategy = Strategy::File("/etc/HOSTNAME");

/// What a machine without systemd does, by os-release's ID.
const DISTRIBUTIONS: &[(&str, Strategy)] = &[
    ("debian", Strategy::File(HOSTNAME)),
    ("ubuntu", Strategy::File(HOSTNAME)),
    ("raspbian", Strategy::File(HOSTNAME)),
    ("linuxmint", Strategy::File(HOSTNAME)),
    ("kali", Strategy::File(HOSTNAME)),
    ("devuan", Strategy::File(HOSTNAME)),
    ("void", Strategy::File(HOSTNAME)),
    ("centos", NETWORK),
    ("rhel", NETWORK),
    ("ol", NETWORK),
    ("amzn", NETWORK),
    ("alpine", Strategy::Alpine),
    ("gentoo", OPENRC),
];

/// The names that a machine has.
pub struct Names {
    /// Now.
    pub current: String,
    /// After the next boot.
    pub permanent: String,
}

impl Strategy {
    /// The one that was asked for, else what the machine needs.
    pub fn choose(asked: Option<&str>) -> Result<Strategy> {
        match asked {
            Some("systemd" | "debian") => Ok(Strategy::Systemd),
            Some("redhat") => Ok(NETWORK),
            Some("alpine") => Ok(Strategy::Alpine),
            Some("openrc") => Ok(OPENRC),
            Some("sles") => Ok(SLES),
            Some(other) => {
                let message = format!(
                    "the strategy {other} is not built yet in nafal: it isn't one of Linux"
                );
                Err(Failure::new(message))
            }
            None if facts::is_systemd() => Ok(Strategy::Systemd),
            None => Strategy::of(&facts::release()),
        }
    }

    fn of(release: &[(String, String)]) -> Result<Strategy> {
        let get = |key: &str| {
            let found = release.iter().rev().find(|(name, _)| name == key);
            found.map_or("", |(_, value)| value.as_str())
        };
        let id = get("ID");
        if id == "sles" && get("VERSION_ID").starts_with("11") {
            return Ok(SLES);
        }
        let known = DISTRIBUTIONS.iter().find(|(name, _)| *name == id);
        known.map(|(_, strategy)| *strategy).ok_or_else(|| {
            let id = id.split('-').next().unwrap_or_default();
            let (first, rest) = id.split_at(id.chars().next().map_or(0, char::len_utf8));
            let name = first.to_uppercase() + rest;
            Failure::new(format!("hostname module cannot be used on platform Linux ({name})"))
        })
    }

    /// What the machine is called.
    pub fn names(self, ctx: &Ctx) -> Result<Names> {
        let both = |name: String| Names { current: name.clone(), permanent: name };
        match self {
            Strategy::Systemd => {
                let ask = |which| hostnamectl(ctx, &[which, "status"]);
                let (current, permanent) = (ask("--transient")?, ask("--static")?);
                Ok(Names { current, permanent })
            }
            Strategy::File(path) => Ok(both(whole(path))),
            Strategy::Alpine => Ok(both(whole(HOSTNAME))),
            Strategy::Line(path, entry) => {
                let found = read(path)?;
                let name = match (found.as_deref().map(|text| entry.find(text)), entry) {
                    (Some(Some(name)), _) => name,
                    // Stock makes an empty file of one that isn't there, and is content (module-hostname).
                    (None, Entry::OpenRc) if has_folder(path) => "",
                    (None, Entry::OpenRc) => {
                        let missing = io::Error::from(rustix::io::Errno::NOENT);
                        return Err(update_failed(&missing, path));
                    }
                    // Its own words for a file without a name.
                    (Some(None), Entry::OpenRc) => {
                        let words = "can only concatenate str (not \"NoneType\") to str";
                        return Err(Failure::raised([words]));
                    }
                    (_, Entry::Network) => {
                        let message = format!("Unable to locate HOSTNAME entry in {path}");
                        return Err(Failure::new(message));
                    }
                };
                Ok(both(name.to_owned()))
            }
        }
    }

    /// Gives it another name.
    pub fn set(self, ctx: &Ctx, present: &Names, name: &str) -> Result<()> {
        match self {
            Strategy::Systemd => {
                if name.chars().count() > 64 {
                    return Err(Failure::new(
                        "name cannot be longer than 64 characters on systemd servers, try a shorter name",
                    ));
                }
                if present.permanent != name {
                    hostnamectl(ctx, &["--pretty", "--static", "set-hostname", name])?;
                }
                if present.current != name {
                    hostnamectl(ctx, &["--transient", "set-hostname", name])?;
                }
                Ok(())
            }
            Strategy::File(path) => write(ctx, path, &format!("{name}\n")),
            Strategy::Alpine => {
                // Stock has the kernel read the old name before it writes the new one (module-hostname).
                said(ctx.run_tool(&ctx.tool("hostname")?, &["-F", HOSTNAME])?)?;
                write(ctx, HOSTNAME, &format!("{name}\n"))
            }
            Strategy::Line(path, entry) => {
                let text = read(path)?.unwrap_or_default();
                write(ctx, path, &entry.replace(&text, name))
            }
        }
    }
}

/// A file's text; None when there is no file.
fn read(path: &str) -> Result<Option<String>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(Charset::Utf8.decode(&bytes)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(update_failed(&error, path)),
    }
}

fn has_folder(path: &str) -> bool {
    Path::new(path).parent().is_some_and(Path::exists)
}

fn whole(path: &str) -> String {
    let bytes = std::fs::read(path).unwrap_or_default();
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

fn said(gave: Gave) -> Result<String> {
    if gave.code == 0 {
        return Ok(gave.stdout.trim().to_owned());
    }
    let Gave { code, stdout, stderr } = gave;
    Err(Failure::new(format!("Command failed rc={code}, out={stdout}, err={stderr}")))
}

fn hostnamectl(ctx: &Ctx, words: &[&str]) -> Result<String> {
    said(ctx.run_tool(&ctx.tool("hostnamectl")?, words)?)
}

fn update_failed(error: &io::Error, path: &str) -> Failure {
    Failure::new(format!("failed to update hostname: {}", errno_text(error, Some(path))))
}

/// In containers the file is a mount, which can only be written in place.
fn write(ctx: &Ctx, path: &str, text: &str) -> Result<()> {
    let real = paths::real_path(Path::new(path));
    if real.is_dir() {
        return Err(update_failed(&io::Error::from(rustix::io::Errno::ISDIR), path));
    }
    let options = Options { unsafe_writes: UnsafeWrites::Allowed, ..ctx.plain_options() };
    Ok(staged::write(&real, Content::Bytes(text.as_bytes()), &options)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distributions() {
        let of = |id: &str, version: &str| {
            let release = [("ID", id), ("VERSION_ID", version)];
            let release = release.map(|(key, value)| (key.to_owned(), value.to_owned()));
            Strategy::of(&release).map_err(|failure| failure.to_string())
        };
        assert_eq!(of("debian", "12"), Ok(Strategy::File(HOSTNAME)));
        assert_eq!(of("sles", "11.4"), Ok(SLES));
        let refused =
            |name: &str| Err(format!("hostname module cannot be used on platform Linux ({name})"));
        assert_eq!(of("sles", "15.5"), refused("Sles"));
        assert_eq!(of("opensuse-leap", "15.5"), refused("Opensuse"));
        assert!(Strategy::choose(Some("solaris")).is_err());
    }
}
