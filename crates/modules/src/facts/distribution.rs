//! Which distribution this is, of which family, as stock's setup says it: the files that distributions are known
//! by are asked one after the other, and the first that knows its system settles it. What none settles
//! is taken from os-release.

mod families;
mod files;
mod release;

use nafal_base::{Dict, Value};

use self::files::Found;
use self::release::Release;
use super::{Survey, sources};
use crate::files::tools;

/// What os-release says.
pub fn release() -> Vec<(String, String)> {
    sources::assignments(&Release::text(&|path| file(path)))
}

/// Name, version, release, family.
pub fn distribution(survey: Survey<'_>) -> Dict {
    survey.shared.distribution.get_or_init(|| describe(&|path| file(path))).clone()
}

/// A file's text; an empty one is there, too.
fn file(path: &str) -> Option<String> {
    std::fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads a file of the system that is described.
type Read<'a> = &'a dyn Fn(&str) -> Option<String>;

fn describe(read: Read<'_>) -> Dict {
    let release = Release::read(read);
    let found = files::first(read, &release).unwrap_or_default();
    let Found { name, version, major, minor, codename, file, search_string } = found;
    let name = name.unwrap_or_else(|| release.name().to_owned());
    let version = version.unwrap_or_else(|| release.version(read));
    let own_major = || release.version(read).split('.').next().unwrap_or_default().to_owned();
    let family = families::of(&name).to_owned();
    let mut facts = Dict::new();
    facts.insert("distribution", name.into());
    facts.insert("distribution_release", codename.unwrap_or_else(|| release.codename()).into());
    facts.insert("distribution_version", version.into());
    facts.insert("distribution_major_version", major.unwrap_or_else(own_major).into());
    if let Some(minor) = minor {
        facts.insert("distribution_minor_version", minor.into());
    }
    if let Some(file) = file {
        facts.insert("distribution_file_path", file.path.into());
        facts.insert("distribution_file_variety", file.variety.into());
        if file.is_parsed {
            facts.insert("distribution_file_parsed", true.into());
        }
        if let Some(text) = search_string {
            facts.insert("distribution_file_search_string", text.into());
        }
    }
    facts.insert("os_family", family.into());
    facts
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

    fn of(files: &[(&str, &str)]) -> Dict {
        describe(&|path| {
            files.iter().find(|file| file.0 == path).map(|(_, text)| (*text).to_owned())
        })
    }

    fn words(facts: &Dict) -> String {
        let keys = ["distribution", "distribution_version", "distribution_release", "os_family"];
        let word = |key: &&str| facts.get(key).unwrap().to_text().into_owned();
        keys.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    // The case `facts-distributions` has many more.
    #[test]
    fn families() {
        let os = "/etc/os-release";
        let rocky =
            "NAME=\"Rocky Linux\"\nVERSION=\"9.3 (Blue Onyx)\"\nID=\"rocky\"\nVERSION_ID=\"9.3\"\n";
        let redhat = ("/etc/redhat-release", "Rocky Linux release 9.3 (Blue Onyx)\n");
        assert_eq!(words(&of(&[(os, rocky), redhat])), "Rocky 9.3 Blue Onyx RedHat");
        let centos = "NAME=\"CentOS Linux\"\nVERSION=\"7 (Core)\"\nID=centos\nVERSION_ID=7\n";
        let point = "CentOS Linux release 7.9.2009 (Core)\n";
        let facts =
            of(&[(os, centos), ("/etc/centos-release", point), ("/etc/redhat-release", point)]);
        assert_eq!(words(&facts), "CentOS 7.9 Core RedHat");
        let zorin = "NAME=\"Zorin OS\"\nID=zorin\nID_LIKE=\"ubuntu debian\"\nVERSION_ID=17\n";
        assert_eq!(words(&of(&[(os, zorin)])), "Zorin OS 17 n/a Zorin OS");
        assert_eq!(words(&of(&[])), "N/a n/a n/a N/a");
    }

    // SLES 11 has no os-release.
    #[test]
    fn suse_without_os_release() {
        let text = "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 3\n";
        assert_eq!(words(&of(&[("/etc/SuSE-release", text)])), "SLES n/a.3 3 Suse");
    }
}
