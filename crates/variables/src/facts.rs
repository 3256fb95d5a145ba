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

/// What facts may not set: how a host is reached (case `facts-restricted`).
const RESTRICTED: [&str; 22] = [
    "ansible_become",
    "ansible_connection",
    "ansible_connection_user",
    "ansible_docker_extra_args",
    "ansible_facts",
    "ansible_host",
    "ansible_module_compression",
    "ansible_network_os",
    "ansible_password",
    "ansible_pipelining",
    "ansible_playbook_python",
    "ansible_port",
    "ansible_private_key_file",
    "ansible_scp_extra_args",
    "ansible_sftp_extra_args",
    "ansible_shell_executable",
    "ansible_shell_type",
    "ansible_ssh_extra_args",
    "ansible_ssh_host",
    "ansible_timeout",
    "ansible_user",
    "ansible_winrm_transport",
];

/// Connection plugins and become: whatever starts with their names is theirs.
const RESTRICTED_PREFIXES: [&str; 5] =
    ["ansible_become_", "ansible_local_", "ansible_psrp_", "ansible_ssh_", "ansible_winrm_"];

/// What doesn't stand beside other variables either, without a word.
const UNSEEN: [&str; 2] = ["ansible_delegated_vars", "inventory_hostname"];

/// Whether stock warns of a fact that is named so, and keeps it from standing beside other variables.
pub fn is_restricted(name: &str) -> bool {
    if name.starts_with("ansible_ssh_host_key_") {
        return false;
    }
    let names_interpreter =
        name.strip_prefix("ansible_").is_some_and(|rest| rest.ends_with("_interpreter"));
    RESTRICTED.binary_search(&name).is_ok()
        || names_interpreter
        || RESTRICTED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether a fact of this name may stand beside other variables.
fn is_injected(name: &str) -> bool {
    !is_restricted(name) && !UNSEEN.contains(&name)
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
        assert!(RESTRICTED.is_sorted());
        assert!(is_restricted("ansible_x_interpreter") && !is_restricted("ansible_interpreter"));
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
