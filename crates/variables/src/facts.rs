//! Facts: under `ansible_facts` without their prefix, and by their full names beside other
//! variables.

use nafal_base::Dict;

/// A fact's name inside `ansible_facts`.
pub fn fact_name(name: &str) -> &str {
    if name == "ansible_local" {
        return name;
    }
    name.strip_prefix("ansible_").unwrap_or(name)
}

/// What stock's facts may not set: how a host is reached.
const CONNECTION_VARIABLES: [&str; 23] = [
    "ansible_connection",
    "ansible_delegated_vars",
    "ansible_host",
    "ansible_module_compression",
    "ansible_network_os",
    "ansible_paramiko_private_key_file",
    "ansible_password",
    "ansible_pipelining",
    "ansible_port",
    "ansible_private_key_file",
    "ansible_remote_tmp",
    "ansible_rsync_path",
    "ansible_scp_extra_args",
    "ansible_sftp_extra_args",
    "ansible_shell_executable",
    "ansible_shell_type",
    "ansible_sudo",
    "ansible_sudo_pass",
    "ansible_timeout",
    "ansible_user",
    "ansible_winrm_transport",
    "discovered_interpreter_python",
    "inventory_hostname",
];

/// Connection plugins and become methods: whatever starts with their names is theirs.
const CONNECTION_PREFIXES: [&str; 11] = [
    "ansible_become",
    "ansible_docker_",
    "ansible_httpapi_",
    "ansible_local_",
    "ansible_paramiko_",
    "ansible_psrp_",
    "ansible_ssh_",
    "ansible_su_",
    "ansible_sudo_",
    "ansible_winrm_",
    "ansible_doas_",
];

/// Whether a fact of this name may stand beside other variables.
fn is_injected(name: &str) -> bool {
    if name.starts_with("ansible_ssh_host_key_") {
        return true;
    }
    if name == "discovered_interpreter_python" {
        return true;
    }
    !(CONNECTION_VARIABLES.binary_search(&name).is_ok()
        || name.ends_with("_interpreter") && name.starts_with("ansible_")
        || CONNECTION_PREFIXES.iter().any(|prefix| name.starts_with(prefix)))
}

/// The facts that stand beside other variables; the same dict when all do.
pub fn injected_facts(facts: &Dict) -> Dict {
    let refused = |name: Option<&str>| name.is_some_and(|name| !is_injected(name));
    if !facts.keys().any(|key| refused(key.as_str())) {
        return facts.clone();
    }
    facts
        .iter()
        .filter(|(key, _)| !refused(key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use nafal_base::Value;

    #[test]
    fn names_and_what_is_refused() {
        assert_eq!(fact_name("ansible_os_family"), "os_family");
        assert_eq!(fact_name("ansible_local"), "ansible_local");
        assert_eq!(fact_name("packages"), "packages");
        assert!(CONNECTION_VARIABLES.is_sorted());
        let facts: Dict = [
            "ansible_fqdn",
            "ansible_user",
            "ansible_become_pass",
            "ansible_ssh_host_key_rsa_public",
        ]
        .into_iter()
        .map(|name| (name, Value::from(1)))
        .collect();
        let kept = injected_facts(&facts);
        let kept: Vec<_> = kept.keys().filter_map(|key| key.as_str()).collect();
        assert_eq!(kept, ["ansible_fqdn", "ansible_ssh_host_key_rsa_public"]);
    }
}
