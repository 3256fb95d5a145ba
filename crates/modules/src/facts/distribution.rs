//! Which distribution this is, of which family.

use nafal_base::{Dict, Value};

use super::{Survey, sources};
use crate::files::tools;

/// os-release's ID, the name that stock gives it, its family, the kind of its file.
const KNOWN: &[(&str, &str, &str, &str)] = &[
    ("debian", "Debian", "Debian", "Debian"),
    ("ubuntu", "Ubuntu", "Debian", "Debian"),
    ("raspbian", "Debian", "Debian", "Debian"),
    ("linuxmint", "Linux Mint", "Debian", "Debian"),
    ("kali", "Kali", "Debian", "Debian"),
    ("pop", "Pop!_OS", "Debian", "Debian"),
    ("devuan", "Devuan", "Debian", "Debian"),
    ("rhel", "RedHat", "RedHat", "RedHat"),
    ("centos", "CentOS", "RedHat", "CentOS"),
    ("fedora", "Fedora", "RedHat", "RedHat"),
    ("rocky", "Rocky", "RedHat", "RedHat"),
    ("almalinux", "AlmaLinux", "RedHat", "RedHat"),
    ("ol", "OracleLinux", "RedHat", "OracleLinux"),
    ("amzn", "Amazon", "RedHat", "Amazon"),
    ("sles", "SLES", "Suse", "SUSE"),
    ("opensuse-leap", "openSUSE Leap", "Suse", "SUSE"),
    ("opensuse-tumbleweed", "openSUSE Tumbleweed", "Suse", "SUSE"),
    ("alpine", "Alpine", "Alpine", "Alpine"),
    ("arch", "Archlinux", "Archlinux", "Archlinux"),
    ("manjaro", "Manjaro", "Archlinux", "Archlinux"),
    ("gentoo", "Gentoo", "Gentoo", "NA"),
    ("flatcar", "Flatcar", "Flatcar", "Flatcar"),
];

/// What os-release says.
pub fn release() -> Vec<(String, String)> {
    let files = ["/etc/os-release", "/usr/lib/os-release"];
    files
        .into_iter()
        .find_map(sources::text)
        .map(|text| sources::assignments(&text))
        .unwrap_or_default()
}

/// Name, version, release, family.
pub fn distribution(_: Survey<'_>) -> Dict {
    let (path, text) = ["/etc/os-release", "/usr/lib/os-release"]
        .into_iter()
        .find_map(|path| Some((path, sources::text(path)?)))
        .unwrap_or_default();
    describe(path, &text, |path| sources::text(path))
}

fn describe(path: &str, text: &str, read: impl Fn(&str) -> Option<String>) -> Dict {
    let release = sources::assignments(text);
    let get = |key: &str| {
        release.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    };
    let id = get("ID").unwrap_or_default();
    let like = get("ID_LIKE").unwrap_or_default();
    let known = KNOWN.iter().find(|entry| entry.0 == id);
    let relative =
        || like.split_whitespace().find_map(|parent| KNOWN.iter().find(|entry| entry.0 == parent));
    let name = match known {
        Some(entry) => entry.1.to_owned(),
        None => capitalized(get("NAME").unwrap_or("Linux").split(' ').next().unwrap_or_default()),
    };
    let family = known.or_else(relative).map_or(name.as_str(), |entry| entry.2).to_owned();
    let variety = known.or_else(relative).map_or("NA", |entry| entry.3);
    let mut version = get("VERSION_ID").unwrap_or("NA").to_owned();
    // os-release of Debian doesn't know the point release.
    if name == "Debian"
        && let Some(point) = read("/etc/debian_version").filter(|text| text.starts_with(&version))
    {
        version = point;
    }
    if name == "Alpine"
        && let Some(point) = read("/etc/alpine-release")
    {
        version = point;
    }
    let in_brackets = get("VERSION")
        .and_then(|text| text.split_once('('))
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(code, _)| code);
    let codename = get("VERSION_CODENAME").filter(|code| !code.is_empty()).or(in_brackets);
    let mut parts = version.split('.');
    let major = parts.next().unwrap_or_default().to_owned();
    let minor = parts.next().map(str::to_owned);
    let own_file = match family.as_str() {
        "RedHat" if read("/etc/redhat-release").is_some() => "/etc/redhat-release",
        "Alpine" if read("/etc/alpine-release").is_some() => "/etc/alpine-release",
        _ => path,
    };
    let mut facts: Dict = [
        ("distribution", Value::from(name)),
        ("distribution_release", codename.unwrap_or("NA").into()),
        ("distribution_version", version.as_str().into()),
        ("distribution_major_version", major.into()),
        ("distribution_file_path", own_file.into()),
        ("distribution_file_variety", variety.into()),
        ("distribution_file_parsed", true.into()),
        ("os_family", family.into()),
    ]
    .into_iter()
    .collect();
    if let Some(minor) = minor {
        facts.insert("distribution_minor_version", minor.into());
    }
    facts
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What `lsb_release` says, or its file.
pub fn lsb(_: Survey<'_>) -> Dict {
    let gave = tools::run("lsb_release", &["-a"]).filter(|gave| gave.code == 0);
    let pairs: Vec<(&str, String)> = match gave {
        Some(gave) => gave
            .stdout
            .lines()
            .filter_map(|line| line.split_once(':'))
            .filter_map(|(key, value)| {
                let key = match key {
                    "LSB Version" => "release_lsb",
                    "Distributor ID" => "id",
                    "Description" => "description",
                    "Release" => "release",
                    "Codename" => "codename",
                    _ => return None,
                };
                Some((key, value.trim().to_owned()))
            })
            .filter(|(key, _)| *key != "release_lsb")
            .collect(),
        None => sources::assignments(&sources::text("/etc/lsb-release").unwrap_or_default())
            .into_iter()
            .filter_map(|(key, value)| {
                let key = match key.as_str() {
                    "DISTRIB_ID" => "id",
                    "DISTRIB_RELEASE" => "release",
                    "DISTRIB_DESCRIPTION" => "description",
                    "DISTRIB_CODENAME" => "codename",
                    _ => return None,
                };
                Some((key, value))
            })
            .collect(),
    };
    let mut lsb: Dict = pairs.iter().map(|(key, value)| (*key, Value::from(&**value))).collect();
    if let Some(release) = lsb.get("release").and_then(Value::as_str) {
        let major = release.split('.').next().unwrap_or_default().to_owned();
        lsb.insert("major_release", major.into());
    }
    super::environment::single("lsb", lsb)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Dict {
        describe("/etc/os-release", text, |_| None)
    }

    #[test]
    fn families() {
        let rocky = of(
            "NAME=\"Rocky Linux\"\nVERSION=\"9.3 (Blue Onyx)\"\nID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.3\"\n",
        );
        let text = |facts: &Dict, key: &str| facts.get(key).unwrap().to_text().into_owned();
        assert_eq!(text(&rocky, "os_family"), "RedHat");
        assert_eq!(text(&rocky, "distribution_release"), "Blue Onyx");
        let ubuntu = of("ID=ubuntu\nVERSION_ID=\"24.04\"\nVERSION_CODENAME=noble\n");
        assert_eq!(text(&ubuntu, "distribution"), "Ubuntu");
        assert_eq!(text(&ubuntu, "distribution_minor_version"), "04");
        let other = of("NAME=\"zorin OS\"\nID=zorin\nID_LIKE=\"ubuntu debian\"\n");
        assert_eq!(text(&other, "os_family"), "Debian");
    }
}
