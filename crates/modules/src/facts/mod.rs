//! Facts about the target, gathered natively. Each file owns one kind; all run side by side.
//! Must not know the module that asks.

mod block_devices;
mod distribution;
mod environment;
mod firmware;
mod gather;
mod hardware;
mod identity;
mod mounts;
mod network;
mod platform;
mod processor;
mod routes;
mod services;
mod sources;
mod subsets;
mod virtualization;
mod volumes;

pub use gather::{Surveyed, gather};
pub use services::is_chroot;
pub use subsets::choose;

use crate::ctx::Ctx;
use nafal_base::Dict;

/// What one collector is asked with.
#[derive(Clone, Copy)]
pub struct Survey<'a> {
    /// The surroundings of the task.
    pub ctx: &'a Ctx,
    /// Where local facts are (`fact_path`).
    pub fact_path: &'a str,
}

/// One source of facts.
pub struct Collector {
    /// The name in `gather_subset`.
    pub name: &'static str,
    /// Names of single facts that choose it, too.
    pub aliases: &'static [&'static str],
    /// Gathers; keys are without their prefix.
    pub collect: fn(Survey<'_>) -> Dict,
}

/// Every collector.
pub const COLLECTORS: &[Collector] = &[
    Collector { name: "apparmor", aliases: &[], collect: services::apparmor },
    Collector {
        name: "caps",
        aliases: &["system_capabilities", "system_capabilities_enforced"],
        collect: services::capabilities,
    },
    Collector { name: "chroot", aliases: &["is_chroot"], collect: services::chroot },
    Collector { name: "cmdline", aliases: &[], collect: environment::cmdline },
    Collector { name: "date_time", aliases: &[], collect: environment::date_time },
    Collector {
        name: "distribution",
        aliases: &[
            "distribution_major_version",
            "distribution_release",
            "distribution_version",
            "os_family",
        ],
        collect: distribution::distribution,
    },
    Collector { name: "dns", aliases: &[], collect: environment::dns },
    Collector { name: "env", aliases: &[], collect: environment::env },
    Collector { name: "fips", aliases: &[], collect: services::fips },
    Collector {
        name: "hardware",
        aliases: &["devices", "mounts", "processor", "processor_cores", "processor_count"],
        collect: hardware::hardware,
    },
    Collector { name: "iscsi", aliases: &["iscsi_iqn"], collect: services::storage_names },
    Collector { name: "loadavg", aliases: &[], collect: environment::load },
    Collector { name: "local", aliases: &[], collect: environment::local },
    Collector { name: "lsb", aliases: &[], collect: distribution::lsb },
    Collector {
        name: "network",
        aliases: &[
            "all_ipv4_addresses",
            "all_ipv6_addresses",
            "default_ipv4",
            "default_ipv6",
            "interfaces",
        ],
        collect: network::network,
    },
    Collector { name: "pkg_mgr", aliases: &[], collect: services::package_manager },
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
        collect: platform::platform,
    },
    Collector { name: "python", aliases: &["python_version"], collect: platform::python },
    Collector { name: "selinux", aliases: &[], collect: services::selinux },
    Collector { name: "service_mgr", aliases: &[], collect: services::service_manager },
    Collector {
        name: "ssh_pub_keys",
        aliases: &[
            "ssh_host_key_dsa_public",
            "ssh_host_key_ecdsa_public",
            "ssh_host_key_ed25519_public",
            "ssh_host_key_rsa_public",
            "ssh_host_pub_keys",
        ],
        collect: identity::ssh_keys,
    },
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
        collect: identity::user,
    },
    Collector {
        name: "virtualization",
        aliases: &[
            "virtualization_role",
            "virtualization_tech_guest",
            "virtualization_tech_host",
            "virtualization_type",
        ],
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
pub const WITHOUT_FACTS: &[&str] =
    &["facter", "fibre_channel_wwn", "nvme", "ohai", "systemd", "is_chroot", "date_time"];
