//! What rpm says is installed. Must not know what is wanted.

use std::path::PathBuf;

use super::transaction::Entry;
use crate::ctx::Ctx;
use crate::files::Result;

const FORMAT: &str = "%{NAME}\\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\\t%{ARCH}\\n";

/// rpm, below a root.
pub struct Rpm<'a> {
    ctx: &'a Ctx,
    program: PathBuf,
    root: &'a str,
}

impl<'a> Rpm<'a> {
    /// The target's.
    pub fn new(ctx: &'a Ctx, root: &'a str) -> Result<Rpm<'a>> {
        Ok(Rpm { ctx, program: ctx.tool("rpm")?, root })
    }

    fn ask(&self, words: &[&str]) -> Result<Vec<Entry>> {
        let mut all = vec!["--root", self.root, "-q", "--qf", FORMAT];
        all.extend(words);
        let gave = self.ctx.run_tool(&self.program, &all)?;
        if gave.code != 0 {
            return Ok(Vec::new());
        }
        Ok(gave.stdout.lines().filter_map(entry).collect())
    }

    /// Everything.
    pub fn all(&self) -> Result<Vec<Entry>> {
        self.ask(&["-a"])
    }

    /// What a specification means: a name, maybe with version and architecture, a pattern, a file, something provided.
    pub fn found(&self, spec: &str) -> Result<Vec<Entry>> {
        if spec.starts_with('/') {
            return self.ask(&["-f", spec]);
        }
        let plain = without_epoch(spec);
        if plain.contains(['*', '?', '[']) {
            return self.ask(&["-a", &plain]);
        }
        let named = self.ask(&[&plain])?;
        if !named.is_empty() {
            return Ok(named);
        }
        self.ask(&["--whatprovides", spec])
    }

    /// The package in a file.
    pub fn in_file(&self, path: &str) -> Result<Option<Entry>> {
        Ok(self.ask(&["-p", "--nosignature", path])?.into_iter().next())
    }
}

fn entry(line: &str) -> Option<Entry> {
    let mut parts = line.split('\t');
    let (name, version, arch) = (parts.next()?, parts.next()?, parts.next()?);
    // Keys are no packages that anybody installs.
    let is_package = name != "gpg-pubkey" && parts.next().is_none();
    let version = version.strip_prefix("0:").unwrap_or(version);
    is_package.then(|| Entry {
        name: name.to_owned(),
        version: version.to_owned(),
        arch: arch.to_owned(),
    })
}

/// rpm doesn't take epochs in names: `0:one-1.0`, `one-0:1.0-1`.
fn without_epoch(spec: &str) -> String {
    let Some((before, after)) = spec.split_once(':') else { return spec.to_owned() };
    let start = before.rfind('-').map_or(0, |dash| dash + 1);
    match before[start..].bytes().all(|byte| byte.is_ascii_digit()) {
        true => format!("{}{after}", &before[..start]),
        false => spec.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_go() {
        for (spec, plain) in [
            ("0:leaf-1.0-1", "leaf-1.0-1"),
            ("leaf-0:1.0-1.noarch", "leaf-1.0-1.noarch"),
            ("perl(A::B)", "perl(A::B)"),
            ("leaf", "leaf"),
        ] {
            assert_eq!(without_epoch(spec), plain);
        }
    }

    #[test]
    fn lines_of_rpm() {
        let read = entry("one\t1:2.0-1\tnoarch").unwrap();
        assert_eq!(read.shown(), "one-1:2.0-1.noarch");
        assert_eq!(entry("gpg-pubkey\t0:a-b\t(none)"), None);
        assert_eq!(entry("package x is not installed"), None);
    }
}
