//! rpm's keys, through its tools. Must not know what a task wants.

use std::path::{Path, PathBuf};

use super::{armor, packets};
use crate::ctx::Ctx;
use crate::files::tools::Gave;
use crate::files::{Failure, Result};

/// The first version whose reader of keys is the lenient one.
const LENIENT: (u32, u32) = (4, 19);

/// A fingerprint's length in the names of rpm's keys since version 6.
const WHOLE: usize = 40;

/// The tools.
pub struct Keyring<'a> {
    ctx: &'a Ctx,
    rpm: PathBuf,
    rpmkeys: PathBuf,
}

/// What is there.
pub struct Installed {
    /// The fingerprints of all keys and of their parts.
    fingerprints: Vec<String>,
    naming: Naming,
}

/// How rpm calls its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    /// By the last eight digits, as packages.
    Short,
    /// By their fingerprints; they aren't packages any more.
    Whole,
}

impl Installed {
    /// The fingerprint of the key that is meant by it, or by the number at its end.
    pub fn find(&self, number: &str) -> Option<&str> {
        let number = number.to_ascii_uppercase();
        let is_meant = |fingerprint: &&String| {
            [8, 16, fingerprint.len()].contains(&number.len()) && fingerprint.ends_with(&number)
        };
        self.fingerprints.iter().find(is_meant).map(String::as_str)
    }
}

impl<'a> Keyring<'a> {
    /// Finds the tools.
    pub fn new(ctx: &'a Ctx) -> Result<Keyring<'a>> {
        Ok(Keyring { ctx, rpm: ctx.tool("rpm")?, rpmkeys: ctx.tool("rpmkeys")? })
    }

    /// The keys that rpm has.
    pub fn installed(&self) -> Result<Installed> {
        let mut installed = Installed { fingerprints: Vec::new(), naming: Naming::Short };
        let names = self.ctx.run_tool(&self.rpm, &["-q", "gpg-pubkey"])?;
        if names.code != 0 {
            return Ok(installed);
        }
        installed.naming = naming(&names.stdout);
        let told =
            need(self.ctx.run_tool(&self.rpm, &["-q", "gpg-pubkey", "--qf", "%{description}"])?)?;
        installed.fingerprints = armor::blocks(&told.stdout)
            .flat_map(|block| packets::fingerprints(&block.bytes))
            .collect();
        Ok(installed)
    }

    /// Adds the keys of a file.
    pub fn import(&self, file: &Path) -> Result<()> {
        need(self.ctx.run_tool(&self.rpm, &["--import".as_ref(), file.as_os_str()])?).map(|_| ())
    }

    /// Removes one that is there.
    pub fn remove(&self, installed: &Installed, fingerprint: &str) -> Result<()> {
        let gave = match installed.naming {
            Naming::Whole => self.ctx.run_tool(&self.rpmkeys, &["--delete", fingerprint])?,
            Naming::Short => {
                let short = &fingerprint[fingerprint.len().saturating_sub(8)..];
                let name = format!("gpg-pubkey-{}", short.to_ascii_lowercase());
                self.ctx.run_tool(&self.rpm, &["--erase", "--allmatches", &name])?
            }
        };
        need(gave).map(|_| ())
    }

    /// Whether this rpm reads keys that aren't written quite as they should be.
    pub fn is_lenient(&self) -> Result<bool> {
        let told = self.ctx.run_tool(&self.rpm, &["--version"])?;
        Ok(version(&told.stdout).is_some_and(|version| version >= LENIENT))
    }
}

/// What of a tool's complaint is told.
fn need(gave: Gave) -> Result<Gave> {
    match gave.code {
        0 => Ok(gave),
        _ => Err(Failure::new(gave.stderr)),
    }
}

/// Reads the names of keys: `gpg-pubkey-NUMBER-TIME`.
fn naming(names: &str) -> Naming {
    let numbers = names.lines().filter_map(|name| name.split('-').nth(2));
    match numbers.map(str::len).max() {
        Some(WHOLE..) => Naming::Whole,
        _ => Naming::Short,
    }
}

/// The first two numbers of `RPM version 4.18.0`.
fn version(told: &str) -> Option<(u32, u32)> {
    let mut numbers = told.split_whitespace().last()?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let fingerprint = "E3FB55A82A21018D38F6CEA3153F27963243AD11".to_owned();
        let installed =
            Installed { fingerprints: vec![fingerprint.clone()], naming: Naming::Short };
        let found = Some(fingerprint.as_str());
        assert_eq!(installed.find("3243ad11"), found);
        assert_eq!(installed.find("153F27963243AD11"), found);
        assert_eq!(installed.find(&fingerprint), found);
        for other in ["963243AD11", "AAAAAAAA", "", &fingerprint[1..]] {
            assert_eq!(installed.find(other), None, "{other}");
        }
    }

    #[test]
    fn what_rpm_says() {
        assert_eq!(naming("gpg-pubkey-3243ad11-6b0a8aed\n"), Naming::Short);
        let whole = "gpg-pubkey-8bb18f8bc1869908ba58b94d9ba55e2c5c4e5b45-6b0a8af0\n";
        assert_eq!(naming(whole), Naming::Whole);
        assert_eq!(naming(""), Naming::Short);
        assert_eq!(version("RPM version 4.18.0\n"), Some((4, 18)));
        assert_eq!(version("RPM version 6.1.0"), Some((6, 1)));
        assert_eq!(version("4.19.1.1"), Some((4, 19)));
        assert_eq!(version("none"), None);
    }
}
