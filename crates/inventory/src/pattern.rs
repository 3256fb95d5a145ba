//! Host patterns: `web:&db:!old`, globs, `~regex`, `[0]`, `[1:3]`, in stock's order and words.

use std::sync::Arc;

use fancy_regex::Regex;
use foldhash::fast::FixedState;
use indexmap::IndexSet;
use nafal_base::{Diagnostic, HostName};

use crate::address;
use crate::data::{HostId, Inventory, LOCALHOST};
use crate::error::Error;

/// What a pattern that matches nothing means (HOST_PATTERN_MISMATCH).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mismatch {
    /// A warning.
    #[default]
    Warning,
    /// An error.
    Error,
    /// Nothing.
    Ignore,
}

/// The hosts that a pattern means.
#[derive(Clone, Debug, Default)]
pub struct Matched {
    /// The hosts, each once, in stock's order.
    pub hosts: Vec<HostName>,
    /// Parts that matched nothing.
    pub warnings: Vec<Diagnostic>,
}

/// Whether a pattern is several (so that `--list-hosts` shows it as a list).
pub fn is_pattern_list(pattern: &str) -> bool {
    split_patterns(pattern).len() > 1
}

/// The parts of a pattern: at commas if there are any, else at colons outside brackets, unless
/// all of it is an address.
pub fn split_patterns(pattern: &str) -> Vec<String> {
    let parts: Vec<String> = if pattern.contains(',') {
        pattern.split(',').map(str::to_owned).collect()
    } else if address::parse(pattern).is_some() {
        vec![pattern.to_owned()]
    } else {
        split_at_colons(pattern)
    };
    parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Runs of anything but spaces, colons and brackets, and of complete brackets.
fn split_at_colons(pattern: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        let piece = match character {
            '[' => rest.find(']').map_or("", |end| &rest[..=end]),
            ']' | ':' => "",
            c if c.is_whitespace() => "",
            c => &rest[..c.len_utf8()],
        };
        match parts.last_mut() {
            Some(part) if !piece.is_empty() => part.push_str(piece),
            _ => parts.push(String::new()),
        }
        rest = &rest[piece.len().max(character.len_utf8())..];
    }
    parts
}

/// A host among the listed ones, or a localhost that nobody listed.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Found {
    Listed(HostId),
    Implicit(HostName),
}

type FoundSet = IndexSet<Found, FixedState>;

/// Whether the part is taken, kept or left out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Add,
    Keep,
    Remove,
}

impl Inventory {
    /// The hosts of a pattern, of those that `limit` leaves.
    pub fn matching(&self, pattern: &str, limit: Option<&str>) -> Result<Matched, Error> {
        let limit = limit.map(expand_limit).transpose()?;
        self.matching_all(&[pattern], limit.as_deref(), Mismatch::Warning)
    }

    /// The hosts of several patterns (a play's `hosts` may be a list), of those that the parts of
    /// `limit` ([`expand_limit`]) leave.
    pub fn matching_all(
        &self,
        patterns: &[&str],
        limit: Option<&[String]>,
        mismatch: Mismatch,
    ) -> Result<Matched, Error> {
        let parts: Vec<String> =
            patterns.iter().flat_map(|pattern| split_patterns(pattern)).collect();
        let mut search = Search { inventory: self, mismatch, warnings: Vec::new() };
        let mut found = search.evaluate(&parts)?;
        if let Some(limit) = limit {
            let left = search.evaluate(limit)?;
            found.retain(|host| left.contains(host));
        }
        let hosts = found
            .into_iter()
            .map(|host| match host {
                Found::Listed(id) => self.0.host(id).name.clone(),
                Found::Implicit(name) => name,
            })
            .collect();
        Ok(Matched { hosts, warnings: search.warnings })
    }
}

/// The parts of a `--limit`: `@file` stands for the lines of that file.
pub fn expand_limit(limit: &str) -> Result<Vec<String>, Error> {
    let mut parts = Vec::new();
    for part in split_patterns(limit) {
        let Some(path) = part.strip_prefix('@') else {
            parts.push(part);
            continue;
        };
        let shown = nafal_base::value::string_repr(path);
        let refused = |why: &str| Error::Pattern { message: format!("{why} b{shown}") };
        let kind = std::fs::metadata(path).map_err(|_| refused("Unable to find limit file"))?;
        if !kind.is_file() {
            return Err(refused("Limit starting with \"@\" must be a file, not a directory:"));
        }
        let text =
            std::fs::read_to_string(path).map_err(|_| refused("Unable to read limit file"))?;
        parts.extend(text.split('\n').map(|line| line.trim().to_owned()));
    }
    Ok(parts)
}

struct Search<'a> {
    inventory: &'a Inventory,
    mismatch: Mismatch,
    warnings: Vec<Diagnostic>,
}

impl Search<'_> {
    /// First what adds (all hosts if nothing does), then `&`, then `!`.
    fn evaluate(&mut self, parts: &[String]) -> Result<FoundSet, Error> {
        let mut signed: Vec<(Sign, &str)> = parts
            .iter()
            .filter(|part| !part.is_empty())
            .map(|part| match part.as_bytes()[0] {
                b'!' => (Sign::Remove, &part[1..]),
                b'&' => (Sign::Keep, &part[1..]),
                _ => (Sign::Add, part.as_str()),
            })
            .collect();
        signed.sort_by_key(|(sign, _)| *sign);
        if !signed.iter().any(|(sign, _)| *sign == Sign::Add) {
            signed.insert(0, (Sign::Add, "all"));
        }
        let mut found = FoundSet::default();
        for (sign, part) in signed {
            let hosts = self.part(part)?;
            match sign {
                Sign::Add => found.extend(hosts),
                Sign::Keep => {
                    let hosts: FoundSet = hosts.into_iter().collect();
                    found.retain(|host| hosts.contains(host));
                }
                Sign::Remove => {
                    let hosts: FoundSet = hosts.into_iter().collect();
                    found.retain(|host| !hosts.contains(host));
                }
            }
        }
        Ok(found)
    }

    fn part(&mut self, part: &str) -> Result<Vec<Found>, Error> {
        if let Some(id) = self.inventory.0.host_id(part) {
            return Ok(vec![Found::Listed(id)]);
        }
        let Some(subscript) = Subscript::of(part) else {
            return self.matches(part);
        };
        if subscript.separator == Some('-') {
            self.warn("Use [x:y] inclusive subscripts instead of [x-y] which has been removed");
        }
        let hosts = self.matches(subscript.expression)?;
        subscript.apply(hosts).ok_or_else(|| Error::Pattern {
            message: format!("No hosts matched the subscripted pattern '{part}'"),
        })
    }

    fn warn(&mut self, message: &str) {
        if !self.warnings.iter().any(|known| known.message == message) {
            self.warnings.push(Diagnostic::warning(message));
        }
    }

    /// All hosts of the groups that match; hosts by their names where no group does, or where the
    /// pattern can mean several names.
    fn matches(&mut self, pattern: &str) -> Result<Vec<Found>, Error> {
        let data = &self.inventory.0;
        let matcher = Matcher::new(pattern)?;
        let groups = matcher.select(data.groups.keys(), |name| data.groups.get_index_of(name));
        let has_group = !groups.is_empty();
        let mut found = Vec::new();
        for index in groups {
            let id = u32::try_from(index).map(crate::data::GroupId).unwrap_or(crate::data::ALL);
            found.extend(data.members(id).into_iter().map(Found::Listed));
        }
        let is_wide = pattern.starts_with('~') || pattern.contains(['.', '?', '*', '[']);
        if !has_group || is_wide {
            let hosts = matcher.select(data.hosts.keys(), |name| data.hosts.get_index_of(name));
            let ids = hosts.into_iter().filter_map(|index| u32::try_from(index).ok()).map(HostId);
            found.extend(ids.filter(|id| data.host(*id).is_listed()).map(Found::Listed));
        }
        if found.is_empty() && LOCALHOST.contains(&pattern) {
            return Ok(vec![self.localhost(pattern)]);
        }
        if found.is_empty() && !has_group && pattern != "all" {
            self.nothing(pattern)?;
        }
        Ok(found)
    }

    fn localhost(&self, pattern: &str) -> Found {
        let implicit = || Found::Implicit(HostName::from(pattern));
        self.inventory.0.listed_localhost().map_or_else(implicit, Found::Listed)
    }

    fn nothing(&mut self, pattern: &str) -> Result<(), Error> {
        let message = format!("Could not match supplied host pattern, ignoring: {pattern}");
        match self.mismatch {
            Mismatch::Warning => self.warn(&message),
            Mismatch::Error => return Err(Error::Pattern { message }),
            Mismatch::Ignore => {}
        }
        Ok(())
    }
}

/// `x[2]`, `x[1:3]`, `x[1:]`.
struct Subscript<'a> {
    expression: &'a str,
    start: i64,
    separator: Option<char>,
    end: Option<i64>,
}

impl<'a> Subscript<'a> {
    fn of(part: &'a str) -> Option<Subscript<'a>> {
        if part.starts_with('~') {
            return None;
        }
        let (expression, inside) = part.strip_suffix(']')?.rsplit_once('[')?;
        if expression.is_empty() {
            return None;
        }
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if is_number(inside.strip_prefix('-').unwrap_or(inside)) {
            let start = inside.parse().ok()?;
            return Some(Subscript { expression, start, separator: None, end: None });
        }
        let at = inside.find([':', '-']).filter(|at| *at > 0)?;
        let (start, end) = (&inside[..at], &inside[at + 1..]);
        if !is_number(start) || !(end.is_empty() || is_number(end)) {
            return None;
        }
        let end = if end.is_empty() { -1 } else { end.parse().ok()? };
        let separator = inside[at..].chars().next();
        Some(Subscript { expression, start: start.parse().ok()?, separator, end: Some(end) })
    }

    /// The hosts that are meant; None for one that there isn't among those that there are.
    fn apply(&self, hosts: Vec<Found>) -> Option<Vec<Found>> {
        if hosts.is_empty() {
            return Some(hosts);
        }
        let count = i64::try_from(hosts.len()).unwrap_or(i64::MAX);
        let last = match self.end {
            // Stock takes an end of 0 for none.
            None | Some(0) => {
                let at = if self.start < 0 { count + self.start } else { self.start };
                let at = usize::try_from(at).ok();
                return at.and_then(|at| hosts.into_iter().nth(at)).map(|host| vec![host]);
            }
            Some(-1) => count - 1,
            Some(end) => end,
        };
        let start = usize::try_from(self.start).unwrap_or(0);
        let length = usize::try_from(last + 1 - self.start).unwrap_or(0);
        Some(hosts.into_iter().skip(start).take(length).collect())
    }
}

/// What names are compared with.
enum Matcher<'a> {
    Exact(&'a str),
    Regex(Box<Regex>),
    /// `*`.
    Everything,
    /// A glob that can't match.
    Nothing,
}

impl<'a> Matcher<'a> {
    fn new(pattern: &'a str) -> Result<Matcher<'a>, Error> {
        let expression = match pattern.strip_prefix('~') {
            Some("") => return Ok(Matcher::Everything),
            Some(regex) => format!("^(?:{regex})"),
            None if pattern == "*" => return Ok(Matcher::Everything),
            None if !pattern.contains(['*', '?', '[']) => return Ok(Matcher::Exact(pattern)),
            None => glob(pattern),
        };
        match Regex::new(&expression) {
            Ok(regex) => Ok(Matcher::Regex(Box::new(regex))),
            // Python drops classes that run backwards: such a glob matches nothing.
            Err(_) if !pattern.starts_with('~') => Ok(Matcher::Nothing),
            Err(_) => {
                Err(Error::Pattern { message: format!("Invalid host list pattern: {pattern}") })
            }
        }
    }

    /// The places of the names that match, in order.
    fn select<'n>(
        &self,
        names: impl Iterator<Item = &'n Arc<str>>,
        place: impl Fn(&str) -> Option<usize>,
    ) -> Vec<usize> {
        match self {
            Matcher::Exact(name) => place(name).into_iter().collect(),
            Matcher::Everything => (0..names.count()).collect(),
            Matcher::Nothing => Vec::new(),
            Matcher::Regex(regex) => names
                .enumerate()
                .filter(|(_, name)| regex.is_match(name).unwrap_or(false))
                .map(|(index, _)| index)
                .collect(),
        }
    }
}

/// A shell's pattern as a regular expression, as Python's fnmatch has it.
fn glob(pattern: &str) -> String {
    let mut regex = String::from("^(?s:");
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match character {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            '[' => match class_end(rest) {
                Some(end) => {
                    let inside = rest[..end].replace('\\', "\\\\").replace('[', "\\[");
                    let (not, inside) = match inside.strip_prefix('!') {
                        Some(inside) => ("^", inside.to_owned()),
                        None if inside.starts_with('^') => ("", format!("\\{inside}")),
                        None => ("", inside),
                    };
                    regex.push_str(&format!("[{not}{}]", inside.replace("&&", "&\\&")));
                    rest = &rest[end + 1..];
                }
                None => regex.push_str("\\["),
            },
            other => regex.push_str(&fancy_regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    regex.push_str(")\\z");
    regex
}

/// Where the bracket closes that was just opened; one right at the start doesn't.
fn class_end(rest: &str) -> Option<usize> {
    let skip = if rest.starts_with('!') { 1 } else { 0 };
    let skip = if rest[skip..].starts_with(']') { skip + 1 } else { skip };
    rest[skip..].find(']').map(|at| at + skip)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nafal_base::Dict;

    fn inventory() -> Inventory {
        let mut inventory = Inventory::empty();
        let mut add = |name: &str, groups: &[&str]| {
            let data = Arc::make_mut(&mut inventory.0);
            let host = data.ensure_host(name, None);
            for group in groups {
                let group = data.ensure_group(group);
                data.add_host_to(group, host);
            }
        };
        add("loner", &[]);
        for number in 1..=5 {
            add(&format!("web{number}"), if number == 2 { &["web", "db"] } else { &["web"] });
        }
        add("db1", &["db"]);
        add("x.example.com", &["a-b"]);
        let data = Arc::make_mut(&mut inventory.0);
        data.reconcile(&mut Vec::new());
        inventory
    }

    #[track_caller]
    fn check(pattern: &str, expect: &str) {
        let matched = inventory().matching(pattern, None).unwrap();
        let names: Vec<_> = matched.hosts.iter().map(HostName::as_str).collect();
        assert_eq!(names.join(" "), expect, "{pattern}");
    }

    #[test]
    fn sets() {
        check("all", "loner web1 web2 web3 web4 web5 db1 x.example.com");
        check("*", "loner web1 web2 web3 web4 web5 db1 x.example.com");
        check("", "loner web1 web2 web3 web4 web5 db1 x.example.com");
        check("web:db", "web1 web2 web3 web4 web5 db1");
        check("db:web", "web2 db1 web1 web3 web4 web5");
        check("web,db", "web1 web2 web3 web4 web5 db1");
        check("web:&db", "web2");
        check("!web2:web", "web1 web3 web4 web5");
        check("!web", "loner db1 x.example.com");
        check("web 1", "web1 web2 web3 web4 web5");
        check("a-b", "x.example.com");
        check("ungrouped", "loner");
    }

    #[test]
    fn names() {
        check("w*", "web1 web2 web3 web4 web5");
        check("web?", "web1 web2 web3 web4 web5");
        check("web[!2]", "web1 web3 web4 web5");
        check("web[:2]", "web2");
        check("*.example.com", "x.example.com");
        check("~web[12]", "web1 web2");
        check("~(web|db)", "web1 web2 web3 web4 web5 db1");
        check("127.0.0.1", "127.0.0.1");
        check("web1:localhost", "web1 localhost");
    }

    #[test]
    fn subscripts() {
        check("web[0]", "web1");
        check("web[-1]", "web5");
        check("web[1:2]", "web2 web3");
        check("web[1:]", "web2 web3 web4 web5");
        check("web[1-2]", "web2 web3");
        check("web[0:0]", "web1");
        check("web[3:1]", "");
        check("web[1:3]:!web[2]", "web2 web4");
        check("web[9:]", "");
        let error = inventory().matching("web,web[9]", None).unwrap_err();
        assert_eq!(error.to_string(), "No hosts matched the subscripted pattern 'web[9]'");
    }

    #[test]
    fn limits_and_warnings() {
        let inventory = inventory();
        let matched = inventory.matching("all", Some("web1,nosuch")).unwrap();
        assert_eq!(matched.hosts, [HostName::from("web1")]);
        assert_eq!(
            matched.warnings[0].message,
            "Could not match supplied host pattern, ignoring: nosuch"
        );
        let matched = inventory.matching("nosuch", None).unwrap();
        assert_eq!((matched.hosts.len(), matched.warnings.len()), (0, 1));
        let error = inventory.matching("all", Some("@no/such/file")).unwrap_err();
        assert_eq!(error.to_string(), "Unable to find limit file b'no/such/file'");
        let strict = inventory.matching_all(&["nosuch"], None, Mismatch::Error);
        assert!(strict.is_err());
    }

    #[test]
    fn ten_thousand_hosts_are_quick() {
        let mut inventory = Inventory::empty();
        for number in 0..10_000 {
            let data = Arc::make_mut(&mut inventory.0);
            let host = data.ensure_host(&format!("h{number}"), None);
            let group = data.ensure_group("g");
            data.add_host_to(group, host);
        }
        Arc::make_mut(&mut inventory.0).reconcile(&mut Vec::new());
        let _ = inventory.add_host("more", &["g"], &Dict::new());
        assert_eq!(inventory.matching("g:!h1*", None).unwrap().hosts.len(), 10_001 - 1_111);
    }
}
