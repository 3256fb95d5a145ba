//! Which collector gives a fact. Must not gather.

/// Collectors with the names of all the facts that they may give, without their prefix. What `network` calls by a device's
/// name isn't here.
const GIVEN: &[(&str, &[&str])] = &[
    ("apparmor", &["apparmor"]),
    ("caps", &["system_capabilities", "system_capabilities_enforced"]),
    ("chroot", &["is_chroot"]),
    ("cmdline", &["cmdline", "proc_cmdline"]),
    ("date_time", &["date_time"]),
    (
        "distribution",
        &[
            "distribution",
            "distribution_file_parsed",
            "distribution_file_path",
            "distribution_file_search_string",
            "distribution_file_variety",
            "distribution_major_version",
            "distribution_minor_version",
            "distribution_release",
            "distribution_version",
            "os_family",
        ],
    ),
    ("dns", &["dns"]),
    ("env", &["env"]),
    ("fibre_channel_wwn", &["fibre_channel_wwn"]),
    ("fips", &["fips"]),
    (
        "hardware",
        &[
            "bios_date",
            "bios_vendor",
            "bios_version",
            "board_asset_tag",
            "board_name",
            "board_serial",
            "board_vendor",
            "board_version",
            "chassis_asset_tag",
            "chassis_serial",
            "chassis_vendor",
            "chassis_version",
            "device_links",
            "devices",
            "flags",
            "form_factor",
            "lvm",
            "memfree_mb",
            "memory_mb",
            "memtotal_mb",
            "mounts",
            "processor",
            "processor_cores",
            "processor_count",
            "processor_nproc",
            "processor_threads_per_core",
            "processor_vcpus",
            "product_name",
            "product_serial",
            "product_uuid",
            "product_version",
            "swapfree_mb",
            "swaptotal_mb",
            "system_vendor",
            "uptime_seconds",
        ],
    ),
    ("iscsi", &["iscsi_iqn"]),
    ("loadavg", &["loadavg"]),
    ("local", &["local"]),
    ("lsb", &["lsb"]),
    (
        "network",
        &[
            "all_ipv4_addresses",
            "all_ipv6_addresses",
            "default_ipv4",
            "default_ipv6",
            "interfaces",
            "locally_reachable_ips",
        ],
    ),
    ("nvme", &["hostnqn"]),
    ("pkg_mgr", &["pkg_mgr"]),
    (
        "platform",
        &[
            "architecture",
            "domain",
            "fqdn",
            "hostname",
            "kernel",
            "kernel_version",
            "machine",
            "machine_id",
            "nodename",
            "python_version",
            "system",
            "userspace_architecture",
            "userspace_bits",
        ],
    ),
    ("python", &["python"]),
    ("selinux", &["selinux", "selinux_python_present"]),
    ("service_mgr", &["service_mgr"]),
    (
        "ssh_pub_keys",
        &[
            "ssh_host_key_dsa_public",
            "ssh_host_key_dsa_public_keytype",
            "ssh_host_key_ecdsa_public",
            "ssh_host_key_ecdsa_public_keytype",
            "ssh_host_key_ed25519_public",
            "ssh_host_key_ed25519_public_keytype",
            "ssh_host_key_rsa_public",
            "ssh_host_key_rsa_public_keytype",
        ],
    ),
    ("systemd", &["systemd"]),
    (
        "user",
        &[
            "effective_group_id",
            "effective_user_id",
            "real_group_id",
            "real_user_id",
            "user_dir",
            "user_gecos",
            "user_gid",
            "user_id",
            "user_shell",
            "user_uid",
        ],
    ),
    (
        "virtual",
        &[
            "virtualization_role",
            "virtualization_tech_guest",
            "virtualization_tech_host",
            "virtualization_type",
        ],
    ),
];

/// The collector that gives the fact of this name (without its prefix), if only one can.
pub fn collector_of(fact: &str) -> Option<&'static str> {
    GIVEN.iter().find(|(_, facts)| facts.contains(&fact)).map(|(collector, _)| *collector)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{COLLECTORS, Shared, Survey};
    use super::*;
    use crate::ctx::Ctx;

    #[test]
    fn what_collectors_give_here_is_known() {
        let ctx = Ctx::plain("setup", Default::default());
        let shared = Shared::default();
        let patience = Duration::from_secs(10);
        let survey = Survey { ctx: &ctx, fact_path: "/nonexistent", patience, shared: &shared };
        for collector in COLLECTORS {
            assert!(GIVEN.iter().any(|(name, _)| *name == collector.name), "{}", collector.name);
            let facts = (collector.collect)(survey);
            let names: Vec<&str> = facts.keys().filter_map(|key| key.as_str()).collect();
            let interfaces = facts.get("interfaces").map(|all| all.to_text().replace('-', "_"));
            for name in names {
                let of_device = interfaces.as_ref().is_some_and(|all| all.contains(name));
                assert!(of_device || collector_of(name) == Some(collector.name), "{name}");
            }
        }
    }

    #[test]
    fn each_fact_has_one_collector() {
        let mut all: Vec<&str> =
            GIVEN.iter().flat_map(|(_, facts)| facts.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
