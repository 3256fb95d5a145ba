//! A requirement as PEP 508 has it: a name, extras, versions or an address, a marker. Must not know pip.

use std::collections::BTreeSet;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};

/// A requirement that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Its name, as it was written.
    pub name: String,
    extras: BTreeSet<String>,
    /// `>=1.0`, each without blanks; in the order in which Python's `packaging` shows them.
    specifiers: BTreeSet<String>,
    address: Option<String>,
    marker: Option<String>,
}

/// The same name for all ways to write one.
pub fn canonical(name: &str) -> String {
    let words = name.split(['-', '_', '.']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_lowercase()
}

const OPERATORS: [&str; 8] = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"];

impl Requirement {
    /// Reads one; None for what isn't one, such as a path.
    pub fn read(text: &str) -> Option<Requirement> {
        let text = text.trim();
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let (name, rest) = text.split_at(text.find(|c| !is_of_name(c)).unwrap_or(text.len()));
        let is_end = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if !is_end(name.chars().next()) || !is_end(name.chars().next_back()) {
            return None;
        }
        let (extras, rest) = extras(rest.trim_start())?;
        let rest = rest.trim_start();
        let mut read = Requirement {
            name: name.to_owned(),
            extras,
            specifiers: BTreeSet::new(),
            address: None,
            marker: None,
        };
        let marker = match rest.strip_prefix('@') {
            Some(rest) => {
                let rest = rest.trim_start();
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                read.address = Some(address(&rest[..end])?);
                rest[end..].trim_start()
            }
            None => {
                let (specifiers, marker) = rest.split_at(rest.find(';').unwrap_or(rest.len()));
                read.specifiers = specifiers_of(specifiers)?;
                marker
            }
        };
        if !marker.is_empty() {
            read.marker = Some(super::marker::normal(marker.strip_prefix(';')?)?);
        }
        Some(read)
    }

    /// Whether it says which versions it takes.
    pub fn has_versions(&self) -> bool {
        !self.specifiers.is_empty()
    }

    /// It as pip is told it.
    pub fn written(&self) -> String {
        let mut text = self.name.clone();
        if !self.extras.is_empty() {
            text.push_str(&format!("[{}]", joined(&self.extras)));
        }
        text.push_str(&joined(&self.specifiers));
        if let Some(address) = &self.address {
            text.push_str(&format!("@ {address}"));
        }
        if let Some(marker) = &self.marker {
            let blank = if self.address.is_some() { " " } else { "" };
            text.push_str(&format!("{blank}; {marker}"));
        }
        text
    }

    /// Whether it takes this version.
    pub fn takes(&self, version: &str) -> bool {
        let Ok(version) = Version::from_str(version) else { return self.specifiers.is_empty() };
        self.specifiers
            .iter()
            .all(|one| VersionSpecifiers::from_str(one).is_ok_and(|one| one.contains(&version)))
    }
}

fn joined(texts: &BTreeSet<String>) -> String {
    texts.iter().map(String::as_str).collect::<Vec<_>>().join(",")
}

fn extras(text: &str) -> Option<(BTreeSet<String>, &str)> {
    let Some(inner) = text.strip_prefix('[') else { return Some((BTreeSet::new(), text)) };
    let (inner, rest) = inner.split_once(']')?;
    let names = inner.split(',').map(str::trim).filter(|name| !name.is_empty());
    Some((names.map(str::to_owned).collect(), rest))
}

/// An address that has a scheme, and a place unless it is a file.
fn address(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once(':')?;
    let place = rest.strip_prefix("//").and_then(|rest| rest.split('/').next());
    let is_one = scheme == "file" || place.is_some_and(|place| !place.is_empty());
    (is_one && !scheme.is_empty()).then(|| text.to_owned())
}

fn specifiers_of(text: &str) -> Option<BTreeSet<String>> {
    let text = text.trim();
    let inner = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(text);
    if inner.trim().is_empty() {
        return Some(BTreeSet::new());
    }
    inner.split(',').map(specifier).collect()
}

fn specifier(text: &str) -> Option<String> {
    let text = text.trim();
    let operator = OPERATORS.iter().find(|operator| text.starts_with(**operator))?;
    let version = text[operator.len()..].trim();
    let is_one = !version.is_empty() && !version.contains([' ', '(', ')', ';']);
    is_one.then(|| format!("{operator}{version}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Option<String> {
        Requirement::read(text).map(|read| read.written())
    }

    #[test]
    fn as_packaging_writes_them() {
        for (text, shown) in [
            (" x ", "x"),
            ("y == 1", "y==1"),
            ("x >= 1, < 2,!=1.3", "x!=1.3,<2,>=1"),
            ("x (>=1.0)", "x>=1.0"),
            (
                "Nafal_One[foo,bar]>=1.0 ; python_version > '3'",
                "Nafal_One[bar,foo]>=1.0; python_version > \"3\"",
            ),
            ("nafal.three @ file:///a", "nafal.three@ file:///a"),
            ("x===foo", "x===foo"),
            ("a==b==", "a==b=="),
        ] {
            assert_eq!(written(text).as_deref(), Some(shown), "{text}");
        }
    }

    #[test]
    fn what_is_none() {
        for text in [
            "",
            "what is this",
            "file:///x",
            "git+https://a/b",
            "-e .",
            "< 2",
            "x bad version",
            "x @ git+file:///n",
            "x; nosuch",
            "x[",
        ] {
            assert_eq!(written(text), None, "{text}");
        }
    }

    #[test]
    fn versions_that_are_taken() {
        let takes = |text: &str, version: &str| {
            Requirement::read(text).is_some_and(|read| read.takes(version))
        };
        assert!(takes("x", "1.0") && takes("x>1,!=3,~=2.0,==2.*", "2") && takes("pre>1", "1.5b1"));
        assert!(takes("loc==1.0", "1.0+abc") && takes("x===1.0", "1.0") && takes("x<2", "1.0"));
        assert!(!takes("x<1", "1.0") && !takes("x==1.1", "1.0") && !takes("x>=2", "1.9.9"));
        assert_eq!(canonical("Y._z-A"), "y-z-a");
    }
}
