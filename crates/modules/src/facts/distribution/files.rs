//! The files that tell distributions apart, in the order in which stock asks them. Must not know families.

use super::Read;
use super::release::{Release, UNKNOWN};
use crate::facts::sources;

/// What a file settled; what it left open is os-release's.
#[derive(Default)]
pub(super) struct Found {
    pub name: Option<String>,
    pub version: Option<String>,
    pub major: Option<String>,
    pub minor: Option<String>,
    pub codename: Option<String>,
    pub search_string: Option<&'static str>,
    pub file: Option<File>,
}

/// The file that settled it.
pub(super) struct File {
    pub path: &'static str,
    pub variety: &'static str,
    /// Whether it was read, too: some are enough by being there.
    pub is_parsed: bool,
}

/// A file's text with what else there is.
struct Seen<'a> {
    text: &'a str,
    values: Vec<(String, String)>,
    release: &'a Release,
    read: Read<'a>,
}

impl Seen<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let first = self.values.iter().find(|(name, _)| name == key);
        first.map(|(_, value)| value.as_str())
    }

    fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}

type Reader = fn(&Seen<'_>) -> Option<Found>;

/// How a file tells what it is.
enum Kind {
    /// By being there.
    There,
    /// By these words, else by its first one.
    Words(&'static str),
    /// By what is in it.
    Read(Reader),
}

const OS_RELEASE: &str = "/etc/os-release";

const FILES: &[(&str, &str, Kind)] = &[
    ("/etc/altlinux-release", "Altlinux", Kind::Words("ALT")),
    ("/etc/oracle-release", "OracleLinux", Kind::Words("Oracle Linux")),
    ("/etc/slackware-version", "Slackware", Kind::Read(slackware)),
    ("/etc/centos-release", "CentOS", Kind::Read(centos)),
    ("/etc/redhat-release", "RedHat", Kind::Words("Red Hat")),
    ("/etc/vmware-release", "VMwareESX", Kind::There),
    ("/etc/openwrt_release", "OpenWrt", Kind::Read(openwrt)),
    (OS_RELEASE, "Amazon", Kind::Read(amazon)),
    ("/etc/system-release", "Amazon", Kind::Read(amazon_by_release)),
    ("/etc/alpine-release", "Alpine", Kind::Read(alpine)),
    ("/etc/arch-release", "Archlinux", Kind::There),
    (OS_RELEASE, "Archlinux", Kind::Read(arch)),
    (OS_RELEASE, "SUSE", Kind::Read(suse)),
    ("/etc/SuSE-release", "SUSE", Kind::Read(suse_by_release)),
    (OS_RELEASE, "Debian", Kind::Read(debian)),
    ("/etc/lsb-release", "Debian", Kind::Read(debian)),
    ("/etc/lsb-release", "Mandriva", Kind::Read(mandriva)),
    ("/etc/sourcemage-release", "SMGL", Kind::Words("Source Mage GNU/Linux")),
    ("/usr/lib/os-release", "ClearLinux", Kind::Read(clear_linux)),
    ("/etc/coreos/update.conf", "Coreos", Kind::Read(coreos)),
    (OS_RELEASE, "Flatcar", Kind::Read(flatcar)),
    (OS_RELEASE, "NA", Kind::Read(any)),
];

/// What the first file says that knows its system.
pub(super) fn first(read: Read<'_>, release: &Release) -> Option<Found> {
    FILES.iter().find_map(|(path, variety, kind)| {
        let text = read(path)?;
        let text = text.trim();
        let mut found = match kind {
            Kind::There => Found { name: Some((*variety).to_owned()), ..Found::default() },
            _ if text.is_empty() => return None,
            Kind::Words(words) => by_words(variety, words, text)?,
            Kind::Read(reader) => {
                reader(&Seen { text, values: sources::assignments(text), release, read })?
            }
        };
        let is_parsed = !matches!(kind, Kind::There);
        found.file = Some(File { path, variety, is_parsed });
        Some(found)
    })
}

fn named(name: impl Into<String>) -> Found {
    Found { name: Some(name.into()), ..Found::default() }
}

fn by_words(variety: &str, words: &'static str, text: &str) -> Option<Found> {
    if text.contains(words) {
        return Some(Found { search_string: Some(words), ..named(variety) });
    }
    text.split_whitespace().next().map(named)
}

fn slackware(seen: &Seen<'_>) -> Option<Found> {
    let version = seen.text.split_whitespace().find(|word| word.contains('.')).map(str::to_owned);
    seen.has("Slackware").then(|| Found { version, ..named("Slackware") })
}

/// Only what isn't told by redhat-release as well.
fn centos(seen: &Seen<'_>) -> Option<Found> {
    if seen.has("CentOS Stream") {
        return Some(Found { codename: Some("Stream".to_owned()), ..named("CentOS") });
    }
    seen.has("TencentOS Server").then(|| named("TencentOS"))
}

fn openwrt(seen: &Seen<'_>) -> Option<Found> {
    // Single quotes, which newer ones have, aren't understood.
    let own = |key: &str| {
        let value = seen.text.split_once(&format!("{key}=\""))?.1.split('"').next()?;
        Some(value.to_owned())
    };
    seen.has("OpenWrt").then(|| Found {
        version: own("DISTRIB_RELEASE"),
        codename: own("DISTRIB_CODENAME"),
        ..named("OpenWrt")
    })
}

fn amazon(seen: &Seen<'_>) -> Option<Found> {
    let version = seen.get("VERSION_ID").filter(|_| seen.has("Amazon"))?;
    let (major, minor) = version.split_once('.').unwrap_or((version, "NA"));
    let (major, minor) = (Some(major.to_owned()), Some(minor.to_owned()));
    Some(Found { version: Some(version.to_owned()), major, minor, ..named("Amazon") })
}

fn amazon_by_release(seen: &Seen<'_>) -> Option<Found> {
    let is_number = |word: &&str| word.chars().all(|c| c.is_ascii_digit());
    let version = seen.text.split_whitespace().find(is_number).unwrap_or("NA").to_owned();
    seen.has("Amazon").then(|| Found { version: Some(version), ..named("Amazon") })
}

fn alpine(seen: &Seen<'_>) -> Option<Found> {
    Some(Found { version: Some(seen.text.to_owned()), ..named("Alpine") })
}

fn arch(seen: &Seen<'_>) -> Option<Found> {
    seen.has("Arch Linux").then(|| named("Archlinux"))
}

fn suse(seen: &Seen<'_>) -> Option<Found> {
    if !seen.text.to_lowercase().contains("suse") {
        return None;
    }
    let name = seen.get("NAME").unwrap_or_default();
    let version = seen.get("VERSION_ID").unwrap_or_default();
    let service_pack = version.split_once('.').map_or("", |(_, minor)| minor);
    let is_enterprise = seen.text.to_lowercase().contains("enterprise");
    let codename = match service_pack {
        _ if name.to_lowercase().starts_with("open") => Some(service_pack.to_owned()),
        "" if is_enterprise => Some("0".to_owned()),
        _ if is_enterprise => Some(service_pack.to_owned()),
        _ => None,
    };
    let is_sap = seen.get("VARIANT_ID") == Some("sles-sap")
        || std::fs::read_link("/etc/products.d/baseproduct")
            .is_ok_and(|product| product.ends_with("SLES_SAP.prod"));
    let name = if is_sap { "SLES_SAP" } else { name };
    Some(Found { version: Some(version.to_owned()), codename, ..named(name) })
}

/// SLES 11 and openSUSE before 12: `NAME VERSION (ARCHITECTURE)` and lines of `KEY = VALUE`.
fn suse_by_release(seen: &Seen<'_>) -> Option<Found> {
    let text = seen.text.to_lowercase();
    if text.contains("open") {
        let codename = seen.get("CODENAME").map(str::to_owned);
        return Some(Found { codename, ..named("openSUSE") });
    }
    if !text.contains("enterprise") {
        return None;
    }
    let name = if seen.has("Server") { "SLES" } else { "SLED" };
    let service_pack = seen.get("PATCHLEVEL").unwrap_or("0").to_owned();
    let version = format!("{}.{service_pack}", seen.release.version(seen.read));
    Some(Found { version: Some(version), codename: Some(service_pack), ..named(name) })
}

/// Debian and those of its descendants that stock knows by what their files say somewhere.
fn debian(seen: &Seen<'_>) -> Option<Found> {
    let own = |key| seen.get(key).map(str::to_owned);
    if seen.has("Debian") || seen.has("Raspbian") {
        let codename = in_brackets(seen.get("PRETTY_NAME").unwrap_or_default()).map(str::to_owned);
        let point = (seen.read)("/etc/debian_version").unwrap_or_default();
        let minor = point.trim().split_once('.').map(|(_, minor)| minor.to_owned());
        return Some(Found { codename, minor, ..named("Debian") });
    }
    if seen.has("Ubuntu") {
        return Some(named("Ubuntu"));
    }
    if seen.has("SteamOS") {
        return Some(named("SteamOS"));
    }
    if let Some(name) = ["Kali", "Parrot"].into_iter().find(|name| seen.has(name)) {
        return Some(Found { codename: own("DISTRIB_CODENAME"), ..named(name) });
    }
    if seen.has("Devuan") {
        let pretty = seen.get("PRETTY_NAME").unwrap_or_default();
        let codename = in_brackets(pretty).or_else(|| pretty.rsplit(' ').next());
        return Some(Found { codename: codename.map(str::to_owned), ..named("Devuan") });
    }
    if seen.has("Cumulus") {
        let (version, codename) = (own("VERSION_ID"), own("VERSION"));
        return Some(Found { version, codename, ..named("Cumulus Linux") });
    }
    let names = [
        ("Mint", "Linux Mint"),
        ("UOS", "Uos"),
        ("Deepin", "Deepin"),
        ("LMDE", "Linux Mint Debian Edition"),
    ];
    names.into_iter().find(|(word, _)| seen.has(word)).map(|(_, name)| named(name))
}

fn in_brackets(text: &str) -> Option<&str> {
    text.split_once('(').and_then(|(_, rest)| Some(rest.split_once(')')?.0))
}

fn mandriva(seen: &Seen<'_>) -> Option<Found> {
    let own = |key| seen.get(key).map(str::to_owned);
    let (version, codename) = (own("DISTRIB_RELEASE"), own("DISTRIB_CODENAME"));
    seen.has("Mandriva").then(|| Found { version, codename, ..named("Mandriva") })
}

fn clear_linux(seen: &Seen<'_>) -> Option<Found> {
    let own = |key| seen.get(key).map(str::to_owned);
    seen.has("Clear Linux").then(|| Found {
        name: own("NAME"),
        version: own("VERSION_ID"),
        codename: own("ID"),
        ..Found::default()
    })
}

fn coreos(seen: &Seen<'_>) -> Option<Found> {
    Some(Found { codename: seen.get("GROUP").map(str::to_owned), ..named("Coreos") })
}

fn flatcar(seen: &Seen<'_>) -> Option<Found> {
    seen.has("Flatcar").then(|| named("Flatcar"))
}

/// What os-release itself calls it.
fn any(seen: &Seen<'_>) -> Option<Found> {
    let known = seen.release.version(seen.read);
    let version = seen.get("VERSION").filter(|_| known == UNKNOWN).map(str::to_owned);
    Some(Found { version, ..named(seen.get("NAME")?) })
}
