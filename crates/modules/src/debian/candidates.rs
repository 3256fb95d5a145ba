//! What could be installed, as apt knows it. Must not know what a task wants.

use std::collections::HashMap;

use super::tools::run;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::glob;

/// What apt knows of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The version that it would install.
    pub candidate: Option<String>,
    /// All versions, in apt's order.
    pub versions: Vec<String>,
}

/// What apt knows, by name.
pub type Candidates = HashMap<String, Known>;

/// What apt knows of these packages; what it has never heard of isn't in it.
pub fn candidates(ctx: &Ctx, names: &[&str], release: Option<&str>) -> Result<Candidates> {
    let names: Vec<&str> =
        names.iter().filter(|name| !name.is_empty() && !name.starts_with('-')).copied().collect();
    if names.is_empty() {
        return Ok(Candidates::new());
    }
    let release = release.map(|release| format!("APT::Default-Release={release}"));
    let option: Vec<&str> = release.iter().flat_map(|release| ["-o", release.as_str()]).collect();
    let words = [&["apt-cache"][..], &option, &["policy", "--"], &names].concat();
    let gave = run(ctx, &words)?;
    if !gave.is_good() {
        let why = gave.stderr.trim().replacen("E: ", "E:", 1);
        return Err(Failure::new(why));
    }
    Ok(parse(&gave.stdout))
}

fn parse(text: &str) -> Candidates {
    let mut all = Candidates::new();
    let mut current: Option<(String, Known)> = None;
    let mut in_table = false;
    for line in text.lines() {
        if !line.starts_with(' ') {
            all.extend(current.take());
            in_table = false;
            current = line.strip_suffix(':').map(|name| (name.to_owned(), Known::default()));
            continue;
        }
        let Some((_, known)) = &mut current else { continue };
        let trimmed = line.trim_start();
        if let Some(version) = trimmed.strip_prefix("Candidate: ") {
            known.candidate = (version != "(none)").then(|| version.to_owned());
        } else if trimmed.starts_with("Version table:") {
            in_table = true;
        } else if in_table && line.len() - trimmed.len() <= 5 {
            // ` *** 1.0 500` or `     1.0 500`; what is deeper says where it comes from.
            let line = trimmed.strip_prefix("*** ").unwrap_or(trimmed);
            known.versions.extend(line.split_whitespace().next().map(str::to_owned));
        }
    }
    all.extend(current);
    all
}

/// The packages that provide one that isn't there itself.
pub fn providers(ctx: &Ctx, name: &str) -> Result<Vec<String>> {
    let gave = run(ctx, &["apt-cache", "showpkg", "--", name])?;
    let (_, list) = gave.stdout.split_once("Reverse Provides:").unwrap_or_default();
    let mut names: Vec<String> =
        list.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    names.dedup();
    Ok(names)
}

/// The names that are like a pattern.
pub fn pattern(ctx: &Ctx, pattern: &str) -> Result<Vec<String>> {
    let fixed = pattern.split(['*', '?', '[', '!']).next().unwrap_or_default();
    let gave = run(ctx, &["apt-cache", "pkgnames", "--", fixed])?;
    let names = gave.stdout.lines().filter(|name| glob::is_like(name, pattern));
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy() {
        let text = "bash:\n  Installed: 5.2\n  Candidate: 5.3\n  Version table:\n     5.3 500\n        500 http://x y/main\n *** 5.2 100\n        100 /var/lib/dpkg/status\nvirtual:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n";
        let all = parse(text);
        assert_eq!(all["bash"].candidate.as_deref(), Some("5.3"));
        assert_eq!(all["bash"].versions, ["5.3", "5.2"]);
        assert_eq!(all["virtual"], Known::default());
    }
}
