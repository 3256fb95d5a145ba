//! What manages packages and services, and what guards the system.

use std::path::Path;

use nafal_base::{Dict, Value};

use super::environment::single;
use super::{Survey, sources};
use crate::files::{labels, tools};

/// Whether AppArmor is there.
pub fn apparmor(_: Survey<'_>) -> Dict {
    let is_there = Path::new("/sys/kernel/security/apparmor").exists();
    let status = if is_there { "enabled" } else { "disabled" };
    single("apparmor", single("status", status))
}

/// What `capsh` says of this process.
pub fn capabilities(_: Survey<'_>) -> Dict {
    let mut facts = Dict::new();
    let Some(gave) = tools::run("capsh", &["--print"]).filter(|gave| gave.code == 0) else {
        facts.insert("system_capabilities_enforced", "N/A".into());
        facts.insert("system_capabilities", Value::from(Vec::<&str>::new()));
        return facts;
    };
    let (mut enforced, mut names) = ("NA", Vec::new());
    if let Some(line) = gave.stdout.lines().find(|line| line.starts_with("Current:")) {
        let current = line.trim_start_matches("Current:").trim();
        if current == "=ep" {
            enforced = "False";
        } else {
            enforced = "True";
            let list = current.split_once('=').map_or(current, |(_, list)| list);
            names = list.split(',').map(|name| name.trim().to_owned()).collect();
        }
    }
    facts.insert("system_capabilities_enforced", enforced.into());
    facts.insert("system_capabilities", names.into());
    facts
}

/// Whether `/` isn't the real one.
pub fn chroot(_: Survey<'_>) -> Dict {
    single("is_chroot", is_chroot())
}

/// Whether this system's root isn't the machine's. Who may not look at the first process's root judges by the number
/// of its own: it is a file system's first.
pub fn is_chroot() -> bool {
    use std::os::unix::fs::MetadataExt;
    if std::env::var_os("debian_chroot").is_some() {
        return true;
    }
    let Ok(own) = std::fs::metadata("/") else { return false };
    match std::fs::metadata("/proc/1/root/.") {
        Ok(first) => (own.dev(), own.ino()) != (first.dev(), first.ino()),
        Err(_) => own.ino() != first_of("/"),
    }
}

/// The number of the root of the file system that holds this: btrfs and XFS have their own.
fn first_of(path: &str) -> u64 {
    match rustix::fs::statfs(path).map(|found| found.f_type) {
        Ok(0x9123_683e) => 256,
        Ok(0x5846_5342) => 128,
        _ => 2,
    }
}

/// Whether the kernel is in FIPS mode.
pub fn fips(_: Survey<'_>) -> Dict {
    single("fips", sources::text("/proc/sys/crypto/fips_enabled").as_deref() == Some("1"))
}

/// What SELinux is set to and does.
pub fn selinux(_: Survey<'_>) -> Dict {
    let mut selinux = Dict::new();
    if labels::selinux_is_enabled() {
        let config =
            sources::assignments(&sources::text("/etc/selinux/config").unwrap_or_default());
        let get = |key: &str| {
            let found = config.iter().find(|(name, _)| name == key);
            found.map_or("unknown", |(_, value)| value.as_str())
        };
        let is_enforcing = sources::text("/sys/fs/selinux/enforce").as_deref() == Some("1");
        selinux.insert("status", "enabled".into());
        let version = sources::text("/sys/fs/selinux/policyvers");
        selinux.insert("policyvers", version.and_then(|text| text.parse::<i64>().ok()).into());
        selinux.insert("config_mode", get("SELINUX").into());
        selinux.insert("mode", if is_enforcing { "enforcing" } else { "permissive" }.into());
        selinux.insert("type", get("SELINUXTYPE").into());
    } else {
        selinux.insert("status", "disabled".into());
    }
    let mut facts = single("selinux", selinux);
    // Nothing of ours needs the Python library that this asks for.
    facts.insert("selinux_python_present", true.into());
    facts
}

/// Paths of package managers and their names, the stronger ones last.
const PACKAGE_MANAGERS: &[(&str, &str)] = &[
    ("/usr/bin/rpm-ostree", "atomic_container"),
    ("/usr/bin/yum", "dnf"),
    ("/usr/bin/dnf-3", "dnf"),
    ("/usr/bin/dnf5", "dnf5"),
    ("/usr/bin/apt-get", "apt"),
    ("/usr/bin/zypper", "zypper"),
    ("/usr/sbin/urpmi", "urpmi"),
    ("/usr/bin/pacman", "pacman"),
    ("/bin/opkg", "opkg"),
    ("/usr/pkg/bin/pkgin", "pkgin"),
    ("/opt/local/bin/pkgin", "pkgin"),
    ("/opt/local/bin/port", "macports"),
    ("/usr/local/bin/brew", "homebrew"),
    ("/sbin/apk", "apk"),
    ("/usr/sbin/swlist", "swdepot"),
    ("/usr/bin/emerge", "portage"),
    ("/usr/sbin/pkgadd", "svr4pkg"),
    ("/usr/bin/pkg", "pkg5"),
    ("/usr/bin/xbps-install", "xbps"),
    ("/usr/local/sbin/pkg", "pkgng"),
    ("/usr/sbin/pkg", "pkgng"),
    ("/usr/bin/swupd", "swupd"),
    ("/usr/sbin/sorcery", "sorcery"),
    ("/usr/bin/installp", "installp"),
];

/// The manager of packages: the strongest that is there. Debian's descendants and those of Red Hat may
/// have others' installed, and are managed by their own (cases `facts-distributions`, `facts-managers`).
pub fn package_manager(survey: Survey<'_>) -> Dict {
    let found: Vec<&str> = PACKAGE_MANAGERS
        .iter()
        .filter(|(path, _)| Path::new(path).exists())
        .map(|(_, name)| *name)
        .collect();
    let facts = super::distribution::distribution(survey);
    let name = match facts.get("os_family").and_then(Value::as_str).unwrap_or_default() {
        "Debian" if found.contains(&"apt") => Some("apt"),
        "RedHat" => of_red_hat(&found),
        _ => found.last().copied(),
    };
    single("pkg_mgr", name.unwrap_or("unknown"))
}

/// What `dnf` is there, and nothing else.
fn of_red_hat(found: &[&str]) -> Option<&'static str> {
    let default = std::fs::canonicalize("/usr/bin/dnf").unwrap_or_default();
    if found.contains(&"atomic_container") && Path::new("/run/ostree-booted").exists() {
        Some("atomic_container")
    } else if default.ends_with("dnf5") {
        Some("dnf5")
    } else {
        let is_there = default.ends_with("dnf-3") || Path::new("/usr/bin/microdnf").exists();
        is_there.then_some("dnf")
    }
}

/// What process 1 is.
pub fn service_manager(_: Survey<'_>) -> Dict {
    let name = match sources::text("/proc/1/comm").as_deref() {
        Some("systemd") => "systemd".to_owned(),
        Some("runit-init" | "runit") => "runit".to_owned(),
        Some("svscan") => "svc".to_owned(),
        Some("openrc-init") => "openrc".to_owned(),
        Some(name) if name != "init" && !name.ends_with("sh") && name != "COMMAND" => {
            name.to_owned()
        }
        _ => by_traces().to_owned(),
    };
    single("service_mgr", name)
}

/// Which systemd manages the target, and what it was built with.
pub fn systemd(_: Survey<'_>) -> Dict {
    if sources::text("/proc/1/comm").as_deref() != Some("systemd") {
        return Dict::new();
    }
    let gave = tools::run("systemctl", &["--version"]).filter(|gave| gave.code == 0);
    gave.and_then(|gave| systemd_facts(&gave.stdout)).unwrap_or_default()
}

fn systemd_facts(text: &str) -> Option<Dict> {
    let mut lines = text.lines();
    let version: i64 = lines.next()?.split_whitespace().nth(1)?.parse().ok()?;
    let mut systemd = Dict::new();
    systemd.insert("features", lines.next()?.into());
    systemd.insert("version", version.into());
    Some(single("systemd", systemd))
}

/// Whether systemd is what was booted.
pub fn is_systemd() -> bool {
    Path::new("/run/systemd/system").exists()
}

fn by_traces() -> &'static str {
    let exists = |path: &str| Path::new(path).exists();
    if is_systemd() {
        "systemd"
    } else if exists("/sbin/initctl") && exists("/etc/init") {
        "upstart"
    } else if exists("/sbin/openrc") {
        "openrc"
    } else if std::fs::read_link("/sbin/init").is_ok_and(|target| target.ends_with("systemd")) {
        "systemd"
    } else if exists("/etc/init.d") {
        "sysvinit"
    } else {
        "service"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systemd_as_it_says() {
        let facts = systemd_facts("systemd 252 (252.39-1~deb12u2)\n+PAM -GNUTLS\n").unwrap();
        let facts = facts.get("systemd").and_then(Value::as_dict).unwrap();
        assert_eq!(facts.get("version"), Some(&Value::Int(252)));
        assert_eq!(facts.get("features").and_then(Value::as_str), Some("+PAM -GNUTLS"));
        assert!(systemd_facts("systemd\n").is_none());
    }
}
