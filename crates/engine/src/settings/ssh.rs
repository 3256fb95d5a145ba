//! Settings of connections over ssh. Must not know how one connects.

use nafal_actions::SshDefaults;

use super::reader::Reader;
use crate::error::Error;

/// What stands in `[ssh_connection]`, and in `[defaults]` of the same.
pub(super) fn read(read: &Reader<'_>) -> Result<SshDefaults, Error> {
    let own = "ssh_connection";
    // Of two places ssh's own counts more, and the environment above the file.
    let timeout = ["ANSIBLE_SSH_TIMEOUT", "ANSIBLE_TIMEOUT"].map(|name| read.number(name, "", ""));
    let [ssh, all] = timeout;
    let in_file = |section| read.number("", section, "timeout");
    // A variable that says nothing hides the file (case `settings-wrong`).
    let everywhere = read.number("ANSIBLE_TIMEOUT", "defaults", "timeout");
    let timeout = ssh?.or(all?).or(in_file(own)?).or(everywhere?);
    let keys = read.flag("ANSIBLE_SSH_HOST_KEY_CHECKING", own, "host_key_checking")?;
    let retries = read.number("ANSIBLE_SSH_RETRIES", own, "retries")?;
    Ok(SshDefaults {
        args: read.text("ANSIBLE_SSH_ARGS", own, "ssh_args"),
        common_args: read.text("ANSIBLE_SSH_COMMON_ARGS", own, "ssh_common_args"),
        extra_args: read.text("ANSIBLE_SSH_EXTRA_ARGS", own, "ssh_extra_args"),
        executable: read.text("ANSIBLE_SSH_EXECUTABLE", own, "ssh_executable"),
        retries: match retries {
            Some(retries) => retries,
            None => read.number("", "connection", "retries")?.unwrap_or_default(),
        },
        timeout: timeout.unwrap_or(10),
        host_key_checking: match keys {
            Some(checked) => checked,
            None => read
                .flag("ANSIBLE_HOST_KEY_CHECKING", "defaults", "host_key_checking")?
                .unwrap_or(true),
        },
    })
}
