//! What a file must be like to be found. Must not know how files are come by.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use nafal_base::Value;
use nafal_base::charset::Charset;

use crate::arguments::Arguments;
use crate::files::mode::{Mode, PERMISSION_BITS, Present};
use crate::files::{Failure, Result, metadata};
use crate::glob;
use crate::lines;
use crate::python_regex::{Alphabet, Anchors, Pattern};

/// Everything that is asked for.
pub struct Criteria {
    kind: Kind,
    patterns: Vec<Named>,
    excludes: Vec<Named>,
    age: Option<i64>,
    stamp: Stamp,
    size: Option<i64>,
    mode: Option<Mode>,
    exact_mode: bool,
    contains: Option<Contains>,
    now: f64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    Folder,
    File,
    Link,
}

#[derive(Clone, Copy)]
enum Stamp {
    Accessed,
    Changed,
    Modified,
}

/// A pattern for names. One that can't be compiled is told when the first name is looked at, as
/// stock does.
enum Named {
    Glob(String),
    Regex(Result<Pattern, String>),
}

impl Named {
    fn new(source: &str, args: &Arguments) -> Named {
        match args.is("use_regex") {
            true => Named::Regex(Pattern::new(source, Alphabet::Unicode, Anchors::Text)),
            false => Named::Glob(source.to_owned()),
        }
    }

    fn is_like(&self, name: &str) -> Result<bool, String> {
        match self {
            Named::Glob(pattern) => Ok(glob::is_like(name, pattern)),
            Named::Regex(Ok(pattern)) => Ok(pattern.is_match_at_start(name)),
            Named::Regex(Err(fault)) => Err(fault.clone()),
        }
    }
}

struct Contains {
    pattern: Result<Pattern, String>,
    whole: bool,
    encoding: Option<String>,
}

impl Criteria {
    /// What the arguments ask for.
    pub fn new(args: &Arguments) -> Result<Criteria> {
        let named = |name: &str| -> Vec<Named> {
            args.texts(name).into_iter().map(|source| Named::new(source, args)).collect()
        };
        let age = args.text("age").map(|text| {
            number(text, &[("s", 1), ("m", 60), ("h", 3600), ("d", 86400), ("w", 604_800)])
                .ok_or_else(|| Failure::new("failed to process age").with("age", text))
        });
        let unit = |power| 1024_i64.pow(power);
        let units = [("b", 1), ("k", unit(1)), ("m", unit(2)), ("g", unit(3)), ("t", unit(4))];
        let size = args.text("size").map(|text| {
            number(text, &units)
                .ok_or_else(|| Failure::new("failed to process size").with("size", text))
        });
        let (age, size) = (age.transpose()?, size.transpose()?);
        if let Some(limit @ ..=0) = args.int("limit") {
            return Err(Failure::new(format!("limit cannot be {limit} (use None for unlimited)")));
        }
        let mut patterns = named("patterns");
        if patterns.is_empty() {
            patterns.push(Named::Glob("*".to_owned()));
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Ok(Criteria {
            kind: match args.text("file_type") {
                Some("any") => Kind::Any,
                Some("directory") => Kind::Folder,
                Some("link") => Kind::Link,
                _ => Kind::File,
            },
            patterns,
            excludes: named("excludes"),
            age,
            stamp: match args.text("age_stamp") {
                Some("atime") => Stamp::Accessed,
                Some("ctime") => Stamp::Changed,
                _ => Stamp::Modified,
            },
            size,
            mode: mode_of(args)?,
            exact_mode: args.is("exact_mode"),
            contains: args.text("contains").map(|source| Contains {
                pattern: Pattern::new(source, Alphabet::Unicode, Anchors::Text),
                whole: args.is("read_whole_file"),
                encoding: args.text("encoding").map(str::to_owned),
            }),
            now: since.unwrap_or_default().as_secs_f64(),
        })
    }

    /// Whether a file is wanted; an error ends the search of its path.
    pub fn take(
        &self,
        name: &str,
        real: &Path,
        shown: &str,
        found: &Metadata,
    ) -> Result<bool, String> {
        let is_kind = match self.kind {
            Kind::Any => true,
            Kind::Folder => found.is_dir(),
            Kind::File => found.is_file(),
            Kind::Link => found.is_symlink(),
        };
        if !is_kind || !self.has_name(name)? || !self.has_age(found) {
            return Ok(false);
        }
        let has_size = !matches!(self.kind, Kind::File | Kind::Any) || self.has_size(found);
        if !has_size {
            return Ok(false);
        }
        if let (Kind::File, Some(contains)) = (self.kind, &self.contains)
            && !contains.is_in(real, shown)?
        {
            return Ok(false);
        }
        self.has_mode(found)
    }

    fn has_name(&self, name: &str) -> Result<bool, String> {
        Ok(any(&self.patterns, name)? && !any(&self.excludes, name)?)
    }

    fn has_age(&self, found: &Metadata) -> bool {
        let Some(age) = self.age else { return true };
        let stamp = match self.stamp {
            Stamp::Accessed => metadata::seconds(found.atime(), found.atime_nsec()),
            Stamp::Changed => metadata::seconds(found.ctime(), found.ctime_nsec()),
            Stamp::Modified => metadata::seconds(found.mtime(), found.mtime_nsec()),
        };
        let passed = self.now - stamp;
        let limit = age.unsigned_abs() as f64;
        if age >= 0 { passed >= limit } else { passed <= limit }
    }

    fn has_size(&self, found: &Metadata) -> bool {
        // Stock asks only files for their size.
        let Some(size) = self.size.filter(|_| found.is_file()) else { return true };
        let is = found.size();
        if size >= 0 { is >= size.unsigned_abs() } else { is <= size.unsigned_abs() }
    }

    fn has_mode(&self, found: &Metadata) -> Result<bool, String> {
        let Some(mode) = &self.mode else { return Ok(true) };
        let bits = found.mode() & PERMISSION_BITS;
        let present = Present { bits, is_folder: found.is_dir(), umask: 0 };
        let wanted = mode.apply(present).map_err(|error| error.to_string())?;
        let wanted = u32::try_from(wanted & i64::from(PERMISSION_BITS)).unwrap_or_default();
        Ok(if self.exact_mode { bits == wanted } else { bits & wanted == wanted })
    }
}

fn any(patterns: &[Named], name: &str) -> Result<bool, String> {
    for pattern in patterns {
        if pattern.is_like(name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn mode_of(args: &Arguments) -> Result<Option<Mode>> {
    match args.value("mode") {
        None => Ok(None),
        Some(value @ Value::Str(_)) => Ok(Mode::from_value(value).ok()),
        Some(other) => Err(Failure::new(format!(
            "argument 'mode' is not a string and conversion is not allowed, value is of type {}",
            other.type_name()
        ))),
    }
}

/// A number with a unit.
fn number(text: &str, units: &[(&str, i64)]) -> Option<i64> {
    let text = text.to_lowercase();
    let unit = units.iter().find(|(unit, _)| text.ends_with(unit));
    let (digits, factor) = match unit {
        Some((unit, factor)) => (text.strip_suffix(unit)?, *factor),
        None => (text.as_str(), 1),
    };
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    let is_number = !unsigned.is_empty() && unsigned.chars().all(|c| c.is_ascii_digit());
    digits.parse::<i64>().ok().filter(|_| is_number)?.checked_mul(factor)
}

impl Contains {
    fn is_in(&self, real: &Path, shown: &str) -> Result<bool, String> {
        let pattern = self.pattern.as_ref().map_err(Clone::clone)?;
        // What can't be read contains nothing.
        let Ok(bytes) = fs::read(real) else { return Ok(false) };
        let text = self.decode(&bytes, shown)?;
        Ok(match self.whole {
            true => pattern.is_match(&text),
            false => text.split_inclusive('\n').any(|line| pattern.is_match_at_start(line)),
        })
    }

    fn decode(&self, bytes: &[u8], shown: &str) -> Result<String, String> {
        let encoding = self.encoding.as_deref().unwrap_or("utf-8");
        let charset = Charset::named(encoding).map_err(|error| error.to_string())?;
        let text = charset.decode(bytes).map_err(|_| {
            let default = if self.encoding.is_none() { " (Python default)" } else { "" };
            format!("Failed to decode the file '{shown}' with encoding: {encoding}{default}")
        })?;
        Ok(lines::universal(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units() {
        let units = [("s", 1), ("w", 604_800)];
        assert_eq!(number("2w", &units), Some(1_209_600));
        assert_eq!(number("-3S", &units), Some(-3));
        assert_eq!(number("7", &units), Some(7));
        for bad in ["", "s", "1.5w", "many", "--1", "+1"] {
            assert_eq!(number(bad, &units), None, "{bad}");
        }
    }
}
