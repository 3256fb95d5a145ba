//! Names of hosts with ports and ranges: `web[01:10].example.com:2222`, `[::1]:22`.

use crate::error::Error;

/// What is wrong with a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RangeFault {
    /// It is against the rules of ranges.
    Rule(&'static str),
    /// Python can't go on.
    Broken(&'static str),
    /// A number isn't one; Python's words.
    Number(String),
}

impl RangeFault {
    /// What stock says.
    pub fn message(&self) -> &str {
        match self {
            RangeFault::Rule(message) | RangeFault::Broken(message) => message,
            RangeFault::Number(message) => message,
        }
    }
}

impl From<RangeFault> for Error {
    fn from(fault: RangeFault) -> Error {
        match fault {
            RangeFault::Rule(message) | RangeFault::Broken(message) => Error::source(message),
            RangeFault::Number(cause) => {
                Error::Caused { message: String::new(), cause, span: None }
            }
        }
    }
}

/// A host pattern and its port, if it has one. What isn't an address is all pattern.
pub(crate) fn split_port(text: &str) -> (&str, Option<u64>) {
    match parse(text) {
        Some((host, port)) => (host, port),
        None => (text, None),
    }
}

/// An address with or without a port; None when it isn't one.
pub fn parse(text: &str) -> Option<(&str, Option<u64>)> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if is_port(port) => {
            if let Some(inner) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'))
                && !inner.contains(['[', ']'])
            {
                (inner, Some(port))
            } else if outside_brackets(host).any(|c| c == ':') {
                (text, None)
            } else {
                (host, Some(port))
            }
        }
        _ => (text, None),
    };
    let is_address = is_ipv6(host) || is_name(host);
    is_address.then(|| (host, port.and_then(|port| port.parse().ok())))
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The characters that aren't inside brackets.
fn outside_brackets(text: &str) -> impl Iterator<Item = char> {
    let mut inside = false;
    text.chars().filter(move |character| {
        match character {
            '[' => inside = true,
            ']' => {
                inside = false;
                return false;
            }
            _ => {}
        }
        !inside
    })
}

/// An IPv6 address; a group of it may be a range.
fn is_ipv6(text: &str) -> bool {
    if text.parse::<std::net::Ipv6Addr>().is_ok() {
        return true;
    }
    if !text.contains('[') || !text.contains(':') {
        return false;
    }
    replace_ranges(text, "1").is_some_and(|text| text.parse::<std::net::Ipv6Addr>().is_ok())
}

/// A hostname (or IPv4 address): labels of word characters and dashes, with ranges in them.
fn is_name(text: &str) -> bool {
    let Some(text) = replace_ranges(text, "x") else {
        return false;
    };
    !text.is_empty()
        && text.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        })
}

/// The text with each `[x:y]` and `[x:y:z]` replaced; None when brackets hold anything else.
fn replace_ranges(text: &str, by: &str) -> Option<String> {
    let mut rest = text;
    let mut replaced = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once('[') {
        if before.contains(']') {
            return None;
        }
        let (range, after) = after.split_once(']')?;
        let parts = range.split(':').count();
        let is_range = (2..=3).contains(&parts)
            && range.bytes().all(|b| b.is_ascii_alphanumeric() || b == b':')
            && !range.ends_with(':');
        if !is_range {
            return None;
        }
        replaced.push_str(before);
        replaced.push_str(by);
        rest = after;
    }
    if rest.contains(']') {
        return None;
    }
    replaced.push_str(rest);
    Some(replaced)
}

/// Python's `string.ascii_letters`, which ranges of letters are taken from.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// How many hosts a pattern may stand for. Stock goes on until memory ends.
const MOST_NAMES: usize = 5_000_000;
const TOO_MANY: RangeFault = RangeFault::Rule("host range stands for more than 5000000 hosts");

/// Every name that a pattern with ranges stands for, the last range turning fastest.
pub(crate) fn expand(pattern: &str, names: &mut Vec<String>) -> Result<(), RangeFault> {
    let Some((head, rest)) = pattern.split_once('[') else {
        names.push(pattern.to_owned());
        return Ok(());
    };
    let Some((range, tail)) = rest.split_once(']') else {
        return Err(RangeFault::Broken("not enough values to unpack (expected 3, got 2)"));
    };
    let parts = parts(range)?;
    if names.len().saturating_add(parts.len()) > MOST_NAMES {
        return Err(TOO_MANY);
    }
    for part in parts {
        expand(&format!("{head}{part}{tail}"), names)?;
    }
    Ok(())
}

fn parts(range: &str) -> Result<Vec<String>, RangeFault> {
    let bounds: Vec<&str> = range.split(':').collect();
    let (begin, end, step) = match bounds.as_slice() {
        [begin, end] => (*begin, *end, 1),
        [begin, end, step] => (*begin, *end, integer(step)?),
        _ => {
            return Err(RangeFault::Rule("host range must be begin:end or begin:end:step"));
        }
    };
    let begin = if begin.is_empty() { "0" } else { begin };
    if end.is_empty() {
        return Err(RangeFault::Rule("host range must specify end value"));
    }
    let width = if begin.len() > 1 && begin.starts_with('0') { begin.len() } else { 0 };
    if width > 0 && width != end.len() {
        return Err(RangeFault::Rule("host range must specify equal-length begin and end formats"));
    }
    if let (Some(first), Some(last)) = (LETTERS.find(begin), LETTERS.find(end)) {
        if first > last {
            return Err(RangeFault::Rule("host range must have begin <= end"));
        }
        let bounds = (first as i64, last as i64 + 1);
        let letters = steps(bounds, step)?.into_iter().filter_map(|at| usize::try_from(at).ok());
        let letters = letters.filter_map(|at| LETTERS.get(at..=at));
        return Ok(letters.map(|letter| format!("{letter:0>width$}")).collect());
    }
    let numbers = steps((integer(begin)?, integer(end)?.saturating_add(1)), step)?;
    Ok(numbers.into_iter().map(|number| format!("{number:0>width$}")).collect())
}

/// Python's `range(start, end, step)`.
fn steps((start, end): (i64, i64), step: i64) -> Result<Vec<i64>, RangeFault> {
    let is_inside = |at: &i64| if step > 0 { *at < end } else { *at > end };
    if step == 0 {
        return Err(RangeFault::Broken("range() arg 3 must not be zero"));
    }
    if end.abs_diff(start) / step.unsigned_abs() >= MOST_NAMES as u64 && is_inside(&start) {
        return Err(TOO_MANY);
    }
    let next = |at: &i64| at.checked_add(step).filter(is_inside);
    Ok(std::iter::successors(Some(start).filter(is_inside), next).collect())
}

fn integer(text: &str) -> Result<i64, RangeFault> {
    text.parse().map_err(|_| {
        let shown = nafal_base::value::string_repr(text);
        RangeFault::Number(format!("invalid literal for int() with base 10: {shown}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, expect: &[&str]) {
        let mut names = Vec::new();
        expand(pattern, &mut names).unwrap();
        assert_eq!(names, expect);
    }

    #[test]
    fn ranges() {
        check("web[01:03].x", &["web01.x", "web02.x", "web03.x"]);
        check("h[a:c]x", &["hax", "hbx", "hcx"]);
        check("h[1:9:4]", &["h1", "h5", "h9"]);
        check("h[:1]-[a:b]", &["h0-a", "h0-b", "h1-a", "h1-b"]);
        check("h[3:1]", &[]);
        check("h[3:1:-1]", &["h3"]);
        check("h[1:3:-1]", &[]);
        check("plain", &["plain"]);
        let error = |pattern| expand(pattern, &mut Vec::new()).unwrap_err().message().to_owned();
        assert_eq!(error("h[01:3]"), "host range must specify equal-length begin and end formats");
        assert_eq!(error("h[1:3"), "not enough values to unpack (expected 3, got 2)");
        assert!(error("h[aa:cc]").contains("'aa'"));
    }

    #[test]
    fn ports() {
        assert_eq!(split_port("h:22"), ("h", Some(22)));
        assert_eq!(split_port("h[1:2]:22"), ("h[1:2]", Some(22)));
        assert_eq!(split_port("[2001:db8::1]:99"), ("2001:db8::1", Some(99)));
        assert_eq!(split_port("2001:db8::1"), ("2001:db8::1", None));
        assert_eq!(split_port("h:22:33"), ("h:22:33", None));
        assert_eq!(split_port("user@host"), ("user@host", None));
        assert_eq!(parse("web:db"), None);
        assert_eq!(parse("web[0]"), None);
    }
}
