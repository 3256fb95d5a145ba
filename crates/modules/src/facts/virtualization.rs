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

/// Type, role, and all that was seen.
pub fn virtualization(_: Survey<'_>) -> Dict {
    let (mut guest, mut host): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut first = None;
    for kind in guests() {
        // Of this one stock's type is the general word.
        let shown = if kind == "systemd-nspawn" { "container" } else { kind };
        if kind != "container" {
            first.get_or_insert((shown, "guest"));
        }
        if !guest.contains(&kind) {
            guest.push(kind);
        }
    }
    let modules = sources::text("/proc/modules").unwrap_or_default();
    let has_module = |name: &str| modules.lines().any(|line| line.split(' ').next() == Some(name));
    if has_module("kvm") || Path::new("/dev/kvm").exists() {
        host.push("kvm");
        first.get_or_insert(("kvm", "host"));
    }
    if has_module("vboxdrv") {
        host.push("virtualbox");
        first.get_or_insert(("virtualbox", "host"));
    }
    let (kind, role) = first.unwrap_or(("NA", "NA"));
    [
        ("virtualization_type", Value::from(kind)),
        ("virtualization_role", role.into()),
        ("virtualization_tech_guest", guest.into()),
        ("virtualization_tech_host", host.into()),
    ]
    .into_iter()
    .collect()
}

/// Containers first: what runs inside one is a guest of it, whatever is below.
fn guests() -> Vec<&'static str> {
    let mut found = Vec::new();
    let groups = sources::text("/proc/1/cgroup").unwrap_or_default();
    let environment = sources::text("/proc/1/environ").unwrap_or_default();
    let container = environment.split('\0').find_map(|entry| entry.strip_prefix("container="));
    let exists = |path: &str| Path::new(path).exists();
    if groups.contains("/docker") || exists("/.dockerenv") || exists("/.dockerinit") {
        found.extend(["docker", "container"]);
    }
    if groups.contains("/lxc/") || container == Some("lxc") {
        found.extend(["lxc", "container"]);
    }
    if exists("/run/.containerenv") || container == Some("podman") || container == Some("oci") {
        found.extend(["podman", "container"]);
    }
    if container == Some("systemd-nspawn") {
        found.extend(["systemd-nspawn", "container"]);
    }
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
    found
}
