//! Names of the host in storage networks.

use nafal_base::Dict;

use super::environment::single;
use super::{Survey, sources};

/// The host's name for iSCSI.
pub fn initiator(_: Survey<'_>) -> Dict {
    let text = sources::text("/etc/iscsi/initiatorname.iscsi").unwrap_or_default();
    let name = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("InitiatorName="))
        .unwrap_or_default();
    single("iscsi_iqn", name)
}

/// The host's name for NVMe over networks.
pub fn nvme(_: Survey<'_>) -> Dict {
    single("hostnqn", sources::text("/etc/nvme/hostnqn").unwrap_or_default())
}

/// The names of its fibre channel ports.
pub fn fibre_channel(_: Survey<'_>) -> Dict {
    let names: Vec<String> = sources::names("/sys/class/fc_host")
        .iter()
        .filter_map(|host| sources::text(format!("/sys/class/fc_host/{host}/port_name")))
        .map(|name| name.trim_start_matches("0x").to_owned())
        .collect();
    single("fibre_channel_wwn", names)
}
