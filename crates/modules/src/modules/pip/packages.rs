//! What a task asks for: names that commas took apart, put together again, with the version beside. Must not
//! know pip.

use super::requirement::Requirement;
use crate::files::{Failure, Result};

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Package {
    /// A requirement.
    Named(Requirement),
    /// Whatever else pip takes: a path, an address.
    Other(String),
}

impl Package {
    fn read(text: &str) -> Package {
        Requirement::read(text).map_or_else(|| Package::Other(text.to_owned()), Package::Named)
    }

    /// The same with a version: `1.0`, `>=1,<2`. What then isn't a requirement stays as it was.
    fn with_version(text: &str, version: &str) -> Package {
        let version = version.trim_start();
        let between = if version.starts_with(|c: char| c.is_ascii_digit()) { "==" } else { " " };
        match Requirement::read(&format!("{text}{between}{version}")) {
            Some(requirement) => Package::Named(requirement),
            None => Package::Other(text.to_owned()),
        }
    }

    /// It as pip is told it.
    pub fn written(&self) -> String {
        match self {
            Package::Named(requirement) => requirement.written(),
            Package::Other(text) => text.clone(),
        }
    }
}

/// Whether pip fetches it with another tool (`git+https://…`): it then says that it installed it even where
/// nothing changed.
pub fn is_of_repository(name: &str) -> bool {
    ["git+", "hg+", "svn+", "bzr+"].iter().any(|start| name.starts_with(start))
}

/// The packages.
pub fn packages(names: &[&str], version: Option<&str>) -> Result<Vec<Package>> {
    let names = rejoined(names);
    let Some(version) = version.filter(|version| !version.is_empty() && !names.is_empty()) else {
        return Ok(names.iter().map(|name| Package::read(name)).collect());
    };
    let [name] = &names[..] else {
        return Err(Failure::new(
            "'version' argument is ambiguous when installing multiple package distributions. \
             Please specify version restrictions next to each package in 'name' argument.",
        ));
    };
    if matches!(Package::read(name), Package::Named(requirement) if requirement.has_versions()) {
        return Err(Failure::new(
            "The 'version' argument conflicts with any version specifier provided along with a package name. \
             Please keep the version specifier, but remove the 'version' argument.",
        ));
    }
    Ok(vec![Package::with_version(name, version)])
}

/// `x>=1,<2` and `x[a,b]` are one name each, however they were split.
fn rejoined(names: &[&str]) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    let mut is_open = false;
    for name in names {
        let continues = is_open || name.trim_start().starts_with(['=', '>', '<', '~', '!']);
        match whole.last_mut().filter(|_| continues) {
            Some(last) => {
                last.push(',');
                last.push_str(name);
            }
            None => whole.push((*name).to_owned()),
        }
        is_open = match (name.rfind('['), name.rfind(']')) {
            (Some(open), close) => close.is_none_or(|close| close < open),
            (None, Some(_)) => false,
            (None, None) => is_open,
        };
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_were_split() {
        let names = ["x >= 1", "< 2", "!=1.3", "y", "z[a", "b", "c]>1", "<3", "w[d]", "e"];
        let whole = ["x >= 1,< 2,!=1.3", "y", "z[a,b,c]>1,<3", "w[d]", "e"];
        assert_eq!(rejoined(&names), whole);
        assert_eq!(rejoined(&["< 2", "y"]), ["< 2", "y"]);
    }

    #[test]
    fn versions_beside() {
        let written = |name: &str, version: &str| {
            packages(&[name], Some(version)).map(|all| all[0].written()).ok()
        };
        assert_eq!(written("X_y[e]", "1").as_deref(), Some("X_y[e]==1"));
        assert_eq!(written("x", ">1,<=2 ").as_deref(), Some("x<=2,>1"));
        assert_eq!(written("x", "bad version").as_deref(), Some("x"));
        assert_eq!(written("file:///x", "1").as_deref(), Some("file:///x"));
        assert_eq!(written("x<1", "1"), None);
        assert!(packages(&["x", "y"], Some("1")).is_err());
    }
}
