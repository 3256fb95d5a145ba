//! os-release, and what stock takes from it where no file settles a matter. Must not know distributions' own
//! files, save those that hold a version more precisely.

use super::Read;
use crate::facts::sources;

/// What stock says of what it doesn't know.
pub(super) const UNKNOWN: &str = "n/a";

/// os-release, parsed.
pub(super) struct Release {
    values: Vec<(String, String)>,
    id: String,
    name: String,
}

impl Release {
    /// The file's text, where it is.
    pub fn text(read: Read<'_>) -> String {
        read("/etc/os-release").or_else(|| read("/usr/lib/os-release")).unwrap_or_default()
    }

    /// Reads it.
    pub fn read(read: Read<'_>) -> Release {
        let values = sources::assignments(&Release::text(read));
        let mut release = Release { values, id: String::new(), name: String::new() };
        release.id = match release.get("ID").unwrap_or_default().to_lowercase().replace(' ', "_") {
            id if id == "ol" => "oracle".to_owned(),
            id => id,
        };
        release.name = match release.id.as_str() {
            "" => "N/a".to_owned(),
            "amzn" => "Amazon".to_owned(),
            "rhel" => "Redhat".to_owned(),
            id => capitalized(id),
        };
        release
    }

    /// A value; the last one of a name counts.
    pub fn get(&self, key: &str) -> Option<&str> {
        let last = self.values.iter().rev().find(|(name, _)| name == key);
        last.map(|(_, value)| value.as_str())
    }

    /// The distribution's name as its ID has it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version; CentOS and Debian write theirs elsewhere more precisely.
    pub fn version(&self, read: Read<'_>) -> String {
        let own = self.get("VERSION_ID").unwrap_or_default();
        let better = match self.id.as_str() {
            "centos" => ["/etc/centos-release", "/etc/redhat-release"]
                .into_iter()
                .find_map(|path| after_release(&read(path)?).map(first_two)),
            "debian" => read("/etc/debian_version").map(|text| text.trim().to_owned()),
            _ => None,
        };
        let is_more = |better: &String| better.matches('.').count() > own.matches('.').count();
        let version = better.filter(is_more).unwrap_or_else(|| own.to_owned());
        if version.is_empty() { UNKNOWN.to_owned() } else { version }
    }

    /// Its code name. What is there without a value counts, too.
    pub fn codename(&self) -> String {
        let named =
            ["VERSION_CODENAME", "UBUNTU_CODENAME"].into_iter().find_map(|key| self.get(key));
        let in_version =
            || in_version(self.get("VERSION")?).filter(|_| self.id != "ubuntu").map(str::trim);
        named.or_else(in_version).unwrap_or(UNKNOWN).to_owned()
    }
}

/// `Core` of `7 (Core)`, `Yakkety Yak` of `16.10, Yakkety Yak`.
fn in_version(version: &str) -> Option<&str> {
    let without_digits =
        |text: &&str| !text.is_empty() && !text.contains(|c: char| c.is_ascii_digit());
    let in_brackets = version.split_once('(').and_then(|(_, rest)| Some(rest.split_once(')')?.0));
    let behind_comma = || version.split_once(',').map(|(_, rest)| rest);
    in_brackets.filter(without_digits).or_else(|| behind_comma().filter(without_digits))
}

/// `8.1.1911` of `CentOS Linux release 8.1.1911 (Core)`.
fn after_release(text: &str) -> Option<String> {
    let mut words = text.split_whitespace().skip_while(|word| *word != "release").skip(1);
    words.next().map(str::to_owned)
}

fn first_two(version: String) -> String {
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
