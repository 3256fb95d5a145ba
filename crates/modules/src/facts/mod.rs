//! Facts about the target, gathered natively. Each file owns one kind; all run side by side.
//! Must not know the module that asks.

mod block_devices;
mod distribution;
mod environment;
mod firmware;
mod gather;
mod hardware;
mod identity;
mod ipv4;
mod local;
mod mounts;
mod names;
mod network;
mod platform;
mod processor;
mod python;
mod routes;
mod services;
mod sources;
mod storage_names;
mod subsets;
mod virtualization;
mod volumes;

pub use distribution::release;
pub use gather::{Surveyed, gather};
pub use mounts::{Uuids, room, without_octal};
pub use names::collector_of;
pub use platform::full_name;
pub use services::{is_chroot, is_systemd};
pub use subsets::choose;

use std::sync::OnceLock;
use std::time::Duration;

use crate::ctx::Ctx;
use crate::files::Failure;
use nafal_base::Dict;
pub use python::Python;

/// What one collector is asked with.
#[derive(Clone, Copy)]
pub struct Survey<'a> {
    /// The surroundings of the task.
    pub ctx: &'a Ctx,
    /// Where local facts are (`fact_path`).
    pub fact_path: &'a str,
    /// How long mounts may take (`gather_timeout`): nothing else is limited by it, as in stock.
    pub patience: Duration,
    /// What collectors share.
    pub shared: &'a Shared,
}

/// What several collectors want to know, found out by the first, and what they tell whoever asks them all.
#[derive(Default)]
pub struct Shared {
    /// The target's Python: two collectors ask it, and it is slow to answer.
    pub python: OnceLock<Option<Python>>,
    /// The distribution, which is a fact and says whose the manager of packages is: read once.
    pub distribution: OnceLock<Dict>,
    /// What makes the whole survey fail.
    pub fault: OnceLock<Failure>,
}

/// One source of facts.
pub struct Collector {
    /// The name in `gather_subset`.
    pub name: &'static str,
    /// Names of single facts that choose it, too.
    pub aliases: &'static [&'static str],
    /// Collectors whose facts it builds on: they come along, whatever is left out.
    pub needs: &'static [&'static str],
    /// Gathers; keys are without their prefix.
    pub collect: fn(Survey<'_>) -> Dict,
}

/// Every collector.
pub const COLLECTORS: &[Collector] = &[
    Collector { name: "apparmor", aliases: &[], needs: &[], collect: services::apparmor },
    Collector {
        name: "caps",
        aliases: &["system_capabilities", "system_capabilities_enforced"],
        needs: &[],
        collect: services::capabilities,
    },
    Collector { name: "chroot", aliases: &["is_chroot"], needs: &[], collect: services::chroot },
    Collector { name: "cmdline", aliases: &[], needs: &[], collect: environment::cmdline },
    Collector { name: "date_time", aliases: &[], needs: &[], collect: environment::date_time },
    Collector {
        name: "distribution",
        aliases: &[
            "distribution_major_version",
            "distribution_release",
            "distribution_version",
            "os_family",
        ],
        needs: &[],
        collect: distribution::distribution,
    },
    Collector { name: "dns", aliases: &[], needs: &[], collect: environment::dns },
    Collector { name: "env", aliases: &[], needs: &[], collect: environment::env },
    Collector {
        name: "fibre_channel_wwn",
        aliases: &[],
        needs: &[],
        collect: storage_names::fibre_channel,
    },
    Collector { name: "fips", aliases: &[], needs: &[], collect: services::fips },
    Collector {
        name: "hardware",
        aliases: &["devices", "mounts", "processor", "processor_cores", "processor_count"],
        needs: &["platform"],
        collect: hardware::hardware,
    },
    Collector { name: "iscsi", aliases: &[], needs: &[], collect: storage_names::initiator },
    Collector { name: "loadavg", aliases: &[], needs: &[], collect: environment::load },
    Collector { name: "local", aliases: &[], needs: &[], collect: local::local },
    Collector { name: "lsb", aliases: &[], needs: &[], collect: distribution::lsb },
    Collector {
        name: "network",
        aliases: &[
            "all_ipv4_addresses",
            "all_ipv6_addresses",
            "default_ipv4",
            "default_ipv6",
            "interfaces",
        ],
        needs: &["platform", "distribution"],
        collect: network::network,
    },
    Collector { name: "nvme", aliases: &[], needs: &[], collect: storage_names::nvme },
    Collector {
        name: "pkg_mgr",
        aliases: &[],
        needs: &["distribution"],
        collect: services::package_manager,
    },
    Collector {
        name: "platform",
        aliases: &[
            "architecture",
            "kernel",
            "kernel_version",
            "machine",
            "machine_id",
            "python_version",
            "system",
        ],
        needs: &[],
        collect: platform::platform,
    },
    Collector { name: "python", aliases: &[], needs: &[], collect: python::python },
    Collector { name: "selinux", aliases: &[], needs: &[], collect: services::selinux },
    Collector {
        name: "service_mgr",
        aliases: &[],
        needs: &["platform", "distribution"],
        collect: services::service_manager,
    },
    Collector {
        name: "ssh_pub_keys",
        aliases: &[
            "ssh_host_key_dsa_public",
            "ssh_host_key_ecdsa_public",
            "ssh_host_key_ed25519_public",
            "ssh_host_key_rsa_public",
            "ssh_host_pub_keys",
        ],
        needs: &[],
        collect: identity::ssh_keys,
    },
    Collector { name: "systemd", aliases: &[], needs: &[], collect: services::systemd },
    Collector {
        name: "user",
        aliases: &[
            "effective_group_ids",
            "effective_user_id",
            "real_user_id",
            "user_dir",
            "user_gecos",
            "user_gid",
            "user_id",
            "user_shell",
            "user_uid",
        ],
        needs: &[],
        collect: identity::user,
    },
    Collector {
        name: "virtual",
        aliases: &[
            "virtualization_role",
            "virtualization_tech_guest",
            "virtualization_tech_host",
            "virtualization_type",
        ],
        needs: &[],
        collect: virtualization::virtualization,
    },
];

/// What is gathered unless it is said otherwise twice (`!all`, `!min`).
pub const MINIMAL: &[&str] = &[
    "apparmor",
    "caps",
    "cmdline",
    "date_time",
    "distribution",
    "dns",
    "env",
    "fips",
    "local",
    "lsb",
    "pkg_mgr",
    "platform",
    "python",
    "selinux",
    "service_mgr",
    "ssh_pub_keys",
    "user",
];

/// Subsets that stock knows and that give nothing without programs of their own.
pub const WITHOUT_FACTS: &[&str] = &["facter", "ohai"];
