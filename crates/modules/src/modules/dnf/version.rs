//! rpm's order of versions. Must not know where they come from.

use std::cmp::Ordering;

/// An epoch, a version and maybe a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version<'a> {
    epoch: u64,
    version: &'a str,
    release: Option<&'a str>,
}

impl<'a> Version<'a> {
    /// From `[EPOCH:]VERSION[-RELEASE]`.
    pub fn new(text: &'a str) -> Version<'a> {
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) => (epoch.parse().unwrap_or(0), rest),
            None => (0, text),
        };
        match rest.split_once('-') {
            Some((version, release)) => Version { epoch, version, release: Some(release) },
            None => Version { epoch, version: rest, release: None },
        }
    }

    /// Which is newer; releases count where both have one.
    pub fn compare(&self, other: &Version<'_>) -> Ordering {
        let releases = || match (self.release, other.release) {
            (Some(one), Some(two)) => compare(one, two),
            _ => Ordering::Equal,
        };
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| compare(self.version, other.version))
            .then_with(releases)
    }
}

/// rpm's order of two versions without epoch: runs of digits and of letters, one by one; `~` is before the end, `^` after it.
fn compare(one: &str, two: &str) -> Ordering {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '~' || c == '^';
    let (mut one, mut two) = (one, two);
    loop {
        one = one.trim_start_matches(|c| !is_part(c));
        two = two.trim_start_matches(|c| !is_part(c));
        match (one.strip_prefix('~'), two.strip_prefix('~')) {
            (Some(rest), Some(other)) => {
                (one, two) = (rest, other);
                continue;
            }
            (Some(_), None) => return Ordering::Less,
            (None, Some(_)) => return Ordering::Greater,
            (None, None) => {}
        }
        match (one.strip_prefix('^'), two.strip_prefix('^')) {
            (Some(rest), Some(other)) => {
                (one, two) = (rest, other);
                continue;
            }
            (Some(_), None) => {
                return if two.is_empty() { Ordering::Greater } else { Ordering::Less };
            }
            (None, Some(_)) => {
                return if one.is_empty() { Ordering::Less } else { Ordering::Greater };
            }
            (None, None) => {}
        }
        if one.is_empty() || two.is_empty() {
            return one.len().min(1).cmp(&two.len().min(1));
        }
        let is_number = one.starts_with(|c: char| c.is_ascii_digit());
        let run = |text: &str| {
            let end = text.find(|c: char| match is_number {
                true => !c.is_ascii_digit(),
                false => !c.is_ascii_alphabetic(),
            });
            end.unwrap_or(text.len())
        };
        let (first, second) = (one.split_at(run(one)), two.split_at(run(two)));
        if second.0.is_empty() {
            // Numbers are newer than letters.
            return if is_number { Ordering::Greater } else { Ordering::Less };
        }
        let order = match is_number {
            true => {
                let (first, second) =
                    (first.0.trim_start_matches('0'), second.0.trim_start_matches('0'));
                first.len().cmp(&second.len()).then_with(|| first.cmp(second))
            }
            false => first.0.cmp(second.0),
        };
        if order != Ordering::Equal {
            return order;
        }
        (one, two) = (first.1, second.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_rpm_orders_them() {
        let of = |one: &str, two: &str| Version::new(one).compare(&Version::new(two));
        for (one, two) in [
            ("1.0", "2.0"),
            ("1.0", "1.0.1"),
            ("1.9", "1.10"),
            ("1.0~rc1", "1.0"),
            ("1.0", "1.0^git1"),
            ("1.0^git1", "1.0.1"),
            ("1.0a", "1.0.1"),
            ("a", "1"),
            ("9.9-9", "1:0.1-1"),
            ("1.0-1", "1.0-2"),
            ("1.0-1.el8", "1.0-1.el9"),
        ] {
            assert_eq!(of(one, two), Ordering::Less, "{one} {two}");
            assert_eq!(of(two, one), Ordering::Greater, "{two} {one}");
        }
        for (one, two) in [("1.0", "1.0-5"), ("1.01", "1.1"), ("1_0", "1.0"), ("0:1", "1")] {
            assert_eq!(of(one, two), Ordering::Equal, "{one} {two}");
        }
    }
}
