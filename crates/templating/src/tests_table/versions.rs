//! The test of versions: loose ones as Python's distutils read them, strict, semantic and PEP 440.

use std::cmp::Ordering;

use nafal_base::Value;

use super::test;
use crate::arguments::{Signature, fail, given, text, text_or};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Test};

/// The tests.
pub const TESTS: &[Test] =
    &[test(&["version", "version_compare"], "whether a version compares so to another", version)];

/// How versions are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Loose,
    Strict,
    Semantic,
    Pep440,
}

fn version(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [other, operator, strict, kind] =
        Signature::filter("version_compare", ["version", "operator", "strict", "version_type"], 1)
            .bind(args)?;
    let empty =
        |value: &Value| !value.is_true() && !matches!(value, Value::Int(_) | Value::Float(_));
    let other = other.unwrap_or(&Value::None);
    let operator = text_or(operator, "eq")?;
    let (strict, kind) = (given(strict), given(kind));
    if strict.is_some() && kind.is_some() {
        return fail("Cannot specify both 'strict' and 'version_type'");
    }
    if empty(value) {
        return fail("Input version value cannot be empty");
    }
    if empty(other) {
        return fail("Version parameter to compare against cannot be empty");
    }
    let scheme = match kind {
        None if strict.is_some_and(Value::is_true) => Scheme::Strict,
        None => Scheme::Loose,
        Some(kind) => match &*text(kind)? {
            "loose" => Scheme::Loose,
            "strict" => Scheme::Strict,
            "semver" | "semantic" => Scheme::Semantic,
            "pep440" => Scheme::Pep440,
            other => {
                return fail(format!(
                    "Invalid version type ({other}). Must be one of 'loose', 'strict', 'semver', \
                     'semantic', 'pep440'"
                ));
            }
        },
    };
    let says = operation(&operator)?;
    compare(scheme, &text(value)?, &text(other)?)
        .map(says)
        .map_err(|why| Error::new(format!("Version comparison failed: {why}")))
}

fn operation(operator: &str) -> Result<fn(Ordering) -> bool, Error> {
    Ok(match operator {
        "==" | "=" | "eq" => Ordering::is_eq,
        "<" | "lt" => Ordering::is_lt,
        "<=" | "le" => Ordering::is_le,
        ">" | "gt" => Ordering::is_gt,
        ">=" | "ge" => Ordering::is_ge,
        "!=" | "<>" | "ne" => Ordering::is_ne,
        _ => {
            return fail(format!(
                "Invalid operator type ({operator}). Must be one of '==', '=', 'eq', '<', 'lt', \
                 '<=', 'le', '>', 'gt', '>=', 'ge', '!=', '<>', 'ne'"
            ));
        }
    })
}

fn compare(scheme: Scheme, left: &str, right: &str) -> Result<Ordering, String> {
    match scheme {
        Scheme::Loose => compare_loose(&loose(left), &loose(right)),
        Scheme::Strict => Ok(strict(left)?.cmp(&strict(right)?)),
        Scheme::Semantic => Ok(semantic(left)?.cmp(&semantic(right)?)),
        Scheme::Pep440 => Ok(pep440(left)?.cmp(&pep440(right)?)),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(num_bigint::BigInt),
    Text(String),
}

/// Numbers, runs of small letters, and what stands between the dots.
fn loose(text: &str) -> Vec<Part> {
    let chars: Vec<char> = text.chars().collect();
    let mut parts = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let class = |c: char| match c {
            '0'..='9' => 0,
            'a'..='z' => 1,
            '.' => 2,
            _ => 3,
        };
        let start = at;
        let kind = class(chars[at]);
        while at < chars.len() && class(chars[at]) == kind {
            at += 1;
        }
        let run: String = chars[start..at].iter().collect();
        match kind {
            2 => {
                // Every dot is a separator of its own; those between two are empty and dropped.
            }
            0 => parts.push(run.parse().map_or(Part::Text(run), Part::Number)),
            _ => parts.push(Part::Text(run)),
        }
    }
    parts
}

fn compare_loose(left: &[Part], right: &[Part]) -> Result<Ordering, String> {
    for pair in left.iter().zip(right) {
        let order = match pair {
            (Part::Number(a), Part::Number(b)) => a.cmp(b),
            (Part::Text(a), Part::Text(b)) => a.cmp(b),
            (Part::Text(_), Part::Number(_)) => {
                return Err("'<' not supported between instances of 'str' and 'int'".to_owned());
            }
            (Part::Number(_), Part::Text(_)) => {
                return Err("'<' not supported between instances of 'int' and 'str'".to_owned());
            }
        };
        if order.is_ne() {
            return Ok(order);
        }
    }
    Ok(left.len().cmp(&right.len()))
}

type Strict = ([u64; 3], (bool, char, u64));

/// `1.2`, `1.2.3`, `1.2a1`, `1.2.3b2`.
fn strict(text: &str) -> Result<Strict, String> {
    let bad = || format!("invalid version number '{text}'");
    let (numbers, pre) = match text.find(['a', 'b']) {
        Some(at) => (&text[..at], Some(&text[at..])),
        None => (text, None),
    };
    let parts: Vec<u64> = numbers.split('.').map(decimal).collect::<Option<_>>().ok_or_else(bad)?;
    let [major, minor, rest @ ..] = parts.as_slice() else {
        return Err(bad());
    };
    let patch = match rest {
        [] => 0,
        [patch] => *patch,
        _ => return Err(bad()),
    };
    let pre = match pre {
        // Without one it comes after all of them.
        None => (true, ' ', 0),
        Some(pre) => {
            let letter = pre.chars().next().ok_or_else(bad)?;
            (false, letter, decimal(&pre[1..]).ok_or_else(bad)?)
        }
    };
    Ok(([*major, *minor, patch], pre))
}

fn decimal(text: &str) -> Option<u64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    Number(u64),
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Semantic {
    core: [u64; 3],
    /// Releases come after what precedes them.
    release: bool,
    pre: Vec<Identifier>,
}

fn semantic(text: &str) -> Result<Semantic, String> {
    let bad = || format!("invalid semantic version '{text}'");
    let (rest, build) = text.split_once('+').map_or((text, None), |(a, b)| (a, Some(b)));
    let (core, pre) = rest.split_once('-').map_or((rest, None), |(a, b)| (a, Some(b)));
    let number = |part: &str| decimal(part).filter(|_| part == "0" || !part.starts_with('0'));
    let core: Vec<u64> = core.split('.').map(number).collect::<Option<_>>().ok_or_else(bad)?;
    let core: [u64; 3] = core.try_into().map_err(|_| bad())?;
    let word = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if build.is_some_and(|build| !build.split('.').all(word)) {
        return Err(bad());
    }
    let mut identifiers = Vec::new();
    for part in pre.iter().flat_map(|pre| pre.split('.')) {
        if !word(part) {
            return Err(bad());
        }
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        identifiers.push(match number(part) {
            Some(number) => Identifier::Number(number),
            None if digits => return Err(bad()),
            None => Identifier::Text(part.to_owned()),
        });
    }
    Ok(Semantic { core, release: pre.is_none(), pre: identifiers })
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pep440 {
    epoch: u64,
    release: Vec<u64>,
    /// Development of a bare release comes first of all, then a, b, rc, then the release.
    pre: (i8, u64),
    post: Option<u64>,
    /// None comes after every development version.
    development: (bool, u64),
    local: Vec<(bool, u64, String)>,
}

fn pep440(text: &str) -> Result<Pep440, String> {
    let bad = || format!("Invalid version: '{text}'");
    let lower = text.trim().to_lowercase();
    let mut rest = lower.strip_prefix('v').unwrap_or(&lower);
    let (public, local) = rest.split_once('+').map_or((rest, None), |(a, b)| (a, Some(b)));
    rest = public;
    let epoch = match rest.split_once('!') {
        Some((epoch, after)) => {
            rest = after;
            decimal(epoch).filter(|_| !epoch.is_empty()).ok_or_else(bad)?
        }
        None => 0,
    };
    let mut release = vec![take_number(&mut rest).ok_or_else(bad)?];
    while let Some(after) =
        rest.strip_prefix('.').filter(|a| a.starts_with(|c: char| c.is_ascii_digit()))
    {
        rest = after;
        release.push(take_number(&mut rest).ok_or_else(bad)?);
    }
    while release.len() > 1 && release.last() == Some(&0) {
        release.pop();
    }
    let pre = take_word(
        &mut rest,
        &[
            ("alpha", 0),
            ("a", 0),
            ("beta", 1),
            ("b", 1),
            ("preview", 2),
            ("pre", 2),
            ("rc", 2),
            ("c", 2),
        ],
    );
    let post = match rest.strip_prefix('-').filter(|a| a.starts_with(|c: char| c.is_ascii_digit()))
    {
        Some(after) => {
            rest = after;
            take_number(&mut rest)
        }
        None => {
            take_word(&mut rest, &[("post", 0), ("rev", 0), ("r", 0)]).map(|(_, number)| number)
        }
    };
    let development = take_word(&mut rest, &[("dev", 0)]).map(|(_, number)| number);
    if !rest.is_empty() {
        return Err(bad());
    }
    let local = local.map_or(Vec::new(), |local| {
        let part = |part: &str| match decimal(part) {
            Some(number) => (true, number, String::new()),
            None => (false, 0, part.to_owned()),
        };
        local.split(['.', '-', '_']).map(part).collect()
    });
    let rank = match (pre, post, development) {
        (Some((kind, number)), ..) => (kind, number),
        (None, None, Some(_)) => (-1, 0),
        _ => (3, 0),
    };
    let development = development.map_or((true, 0), |number| (false, number));
    Ok(Pep440 { epoch, release, pre: rank, post, development, local })
}

fn take_number(rest: &mut &str) -> Option<u64> {
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number = rest[..end].parse().ok()?;
    *rest = &rest[end..];
    Some(number)
}

/// A separator, one of these words, a separator and a number (0 when it is left out).
fn take_word(rest: &mut &str, words: &[(&str, i8)]) -> Option<(i8, u64)> {
    let separator = ['.', '-', '_'];
    let start = rest.strip_prefix(separator).unwrap_or(rest);
    let (after, kind) =
        words.iter().find_map(|(word, kind)| Some((start.strip_prefix(word)?, *kind)))?;
    let mut tail = after.strip_prefix(separator).unwrap_or(after);
    let number = match take_number(&mut tail) {
        Some(number) => number,
        None => {
            tail = after;
            0
        }
    };
    *rest = tail;
    Some((kind, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(scheme: Scheme, left: &str, right: &str) -> Result<Ordering, String> {
        compare(scheme, left, right)
    }

    #[test]
    fn loose_versions() {
        assert_eq!(order(Scheme::Loose, "1.10", "1.9"), Ok(Ordering::Greater));
        assert_eq!(order(Scheme::Loose, "1.2", "1.2.0"), Ok(Ordering::Less));
        assert_eq!(order(Scheme::Loose, "2.3.4-1ubuntu", "2.3.4"), Ok(Ordering::Greater));
        assert!(order(Scheme::Loose, "1.a", "1.2").is_err());
    }

    #[test]
    fn other_versions() {
        assert_eq!(order(Scheme::Strict, "1.2", "1.2.0"), Ok(Ordering::Equal));
        assert_eq!(order(Scheme::Strict, "1.2a1", "1.2"), Ok(Ordering::Less));
        assert_eq!(
            order(Scheme::Strict, "1.2.x", "1"),
            Err("invalid version number '1.2.x'".into())
        );
        assert_eq!(order(Scheme::Semantic, "1.2.3-rc.1", "1.2.3"), Ok(Ordering::Less));
        assert_eq!(order(Scheme::Semantic, "1.0.0-2", "1.0.0-a"), Ok(Ordering::Less));
        assert!(order(Scheme::Semantic, "1.2", "1.2.3").is_err());
        assert_eq!(order(Scheme::Pep440, "1.2.3rc1", "1.2.3"), Ok(Ordering::Less));
        assert_eq!(order(Scheme::Pep440, "1.0.post1", "1.0"), Ok(Ordering::Greater));
        assert_eq!(order(Scheme::Pep440, "1.0.dev1", "1.0a1"), Ok(Ordering::Less));
        assert_eq!(order(Scheme::Pep440, "1.0", "1"), Ok(Ordering::Equal));
    }
}
