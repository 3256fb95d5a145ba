//! Whether the target is a guest, and of what.

use std::path::Path;

use nafal_base::{Dict, Value};

use super::{Survey, firmware, sources};

/// What firmware names mean.
const PRODUCTS: &[(&str, &str)] = &[
    ("KVM", "kvm"),
    ("KVM Server", "kvm"),
    ("Bochs", "kvm"),
    ("AHV", "kvm"),
    ("RHEV Hypervisor", "RHEV"),
    ("RHEV", "RHEV"),
    ("oVirt Node", "oVirt"),
    ("OpenStack Compute", "openstack"),
    ("OpenStack Nova", "openstack"),
    ("VMware Virtual Platform", "VMware"),
    ("VMware7,1", "VMware"),
    ("VMware20,1", "VMware"),
    ("VirtualBox", "virtualbox"),
    ("Parallels Virtual Platform", "parallels"),
    ("HVM domU", "xen"),
];

/// What firmware vendors mean.
const VENDORS: &[(&str, &str)] = &[
    ("QEMU", "kvm"),
    ("oVirt", "kvm"),
    ("Amazon EC2", "kvm"),
    ("Google", "kvm"),
    ("DigitalOcean", "kvm"),
    ("Hetzner", "kvm"),
    ("Nutanix", "kvm"),
    ("Linode", "kvm"),
    ("Scaleway", "kvm"),
    ("Parallels Software International Inc.", "parallels"),
    ("OpenStack Foundation", "openstack"),
];

/// A part of an IBM mainframe, which is no guest.
const MAINFRAME: &str = "PR/SM";

/// Type, role, and all that was seen.
pub fn virtualization(_: Survey<'_>) -> Dict {
    let (mut guest, mut host): (Vec<String>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut first = None;
    let signs = Signs {
        groups: sources::text("/proc/1/cgroup").unwrap_or_default(),
        environment: sources::text("/proc/1/environ").unwrap_or_default(),
        of_systemd: sources::text("/run/systemd/container").unwrap_or_default(),
        is_docker: ["/.dockerenv", "/.dockerinit"].iter().any(|path| Path::new(path).exists()),
    };
    let containers = signs.containers();
    let general = containers.first().map(|_| "container".to_owned());
    let below = machines().into_iter().map(str::to_owned);
    for kind in containers.into_iter().chain(general).chain(below) {
        let role = if kind == MAINFRAME { "LPAR" } else { "guest" };
        first.get_or_insert_with(|| (kind.clone(), role));
        if !guest.contains(&kind) {
            guest.push(kind);
        }
    }
    let modules = sources::text("/proc/modules").unwrap_or_default();
    let has_module = |name: &str| modules.lines().any(|line| line.split(' ').next() == Some(name));
    if has_module("kvm") || Path::new("/dev/kvm").exists() {
        host.push("kvm");
        first.get_or_insert(("kvm".to_owned(), "host"));
    }
    if has_module("vboxdrv") {
        host.push("virtualbox");
        first.get_or_insert(("virtualbox".to_owned(), "host"));
    }
    let (kind, role) = first.unwrap_or(("NA".to_owned(), "NA"));
    [
        ("virtualization_type", Value::from(kind)),
        ("virtualization_role", role.into()),
        ("virtualization_tech_guest", guest.into()),
        ("virtualization_tech_host", host.into()),
    ]
    .into_iter()
    .collect()
}

/// What tells of a container.
#[derive(Default)]
struct Signs {
    groups: String,
    environment: String,
    of_systemd: String,
    is_docker: bool,
}

impl Signs {
    /// Kinds of containers, the one that counts first: what runs inside one is a guest of it, whatever is below.
    fn containers(&self) -> Vec<String> {
        let mut environment = self.environment.split('\0');
        let named = environment.find_map(|entry| entry.strip_prefix("container="));
        let mut found = Vec::new();
        found.extend(self.groups.contains("/docker").then_some("docker"));
        found.extend(self.groups.contains("/lxc/").then_some("lxc"));
        // Only two are known by their names there.
        found.extend(named.map(|name| match name {
            "lxc" => "lxc",
            "podman" => "podman",
            _ => "container",
        }));
        found.extend(Some(self.of_systemd.trim()).filter(|name| !name.is_empty()));
        found.extend(self.is_docker.then_some("docker"));
        found.into_iter().map(str::to_owned).collect()
    }
}

/// Machines that this one may be inside of.
fn machines() -> Vec<&'static str> {
    let mut found = Vec::new();
    let exists = |path: &str| Path::new(path).exists();
    if exists("/proc/vz") && !exists("/proc/bc") {
        found.extend(["openvz", "container"]);
    }
    if exists("/proc/xen") {
        found.push("xen");
    }
    let product = firmware::value("product_name").unwrap_or_default();
    let vendor = firmware::value("sys_vendor").unwrap_or_default();
    let named = PRODUCTS.iter().find(|(name, _)| *name == product);
    found.extend(named.map(|(_, kind)| *kind));
    if vendor == "Microsoft Corporation" && product == "Virtual Machine" {
        found.push("VirtualPC");
    }
    let by_vendor = VENDORS.iter().find(|(name, _)| *name == vendor);
    found.extend(by_vendor.map(|(_, kind)| *kind));
    if firmware::value("bios_vendor").as_deref() == Some("innotek GmbH") {
        found.push("virtualbox");
    }
    let processors = sources::text("/proc/cpuinfo").unwrap_or_default();
    if processors.contains("QEMU Virtual CPU") {
        found.push("kvm");
    }
    if processors.lines().any(|line| line.starts_with("vendor_id") && line.contains("IBM/S390")) {
        found.push(MAINFRAME);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_container_counts() {
        let check =
            |groups: &str, named: &str, of_systemd: &str, is_docker: bool, expected: &[&str]| {
                let environment = match named {
                    "" => "A=b\0".to_owned(),
                    named => format!("A=b\0container={named}\0"),
                };
                let (groups, of_systemd) = (groups.to_owned(), of_systemd.to_owned());
                let signs = Signs { groups, environment, of_systemd, is_docker };
                assert_eq!(signs.containers(), expected);
            };
        check("", "", "", false, &[]);
        check("", "", "systemd-nspawn\n", false, &["systemd-nspawn"]);
        check("", "systemd-nspawn", "systemd-nspawn\n", false, &["container", "systemd-nspawn"]);
        check("", "", "odd", true, &["odd", "docker"]);
        check("1:name=systemd:/docker/abc", "", "odd", false, &["docker", "odd"]);
        check("1:name=systemd:/lxc/abc", "odd", "", false, &["lxc", "container"]);
        check("", "lxc", "", true, &["lxc", "docker"]);
        check("", "podman", "", false, &["podman"]);
        check("", "oci", "", false, &["container"]);
    }
}
