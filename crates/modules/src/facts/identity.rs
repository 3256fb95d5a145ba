//! Who runs this, and the host's public keys.

use nafal_base::{Dict, Value};

use super::{Survey, sources};
use crate::files::owner;

/// The user that tasks run as.
pub fn user(_: Survey<'_>) -> Dict {
    let uid = rustix::process::getuid().as_raw();
    let mut facts: Dict = [
        ("real_user_id", Value::from(uid)),
        ("effective_user_id", rustix::process::geteuid().as_raw().into()),
        ("real_group_id", rustix::process::getgid().as_raw().into()),
        ("effective_group_id", rustix::process::getegid().as_raw().into()),
    ]
    .into_iter()
    .collect();
    if let Some(user) = owner::user_by_id(uid) {
        facts.insert("user_id", user.name.into());
        facts.insert("user_uid", user.uid.into());
        facts.insert("user_gid", user.gid.into());
        facts.insert("user_gecos", user.gecos.into());
        facts.insert("user_dir", user.home.into());
        facts.insert("user_shell", user.shell.into());
    }
    facts
}

/// The public keys of the ssh server.
pub fn ssh_keys(_: Survey<'_>) -> Dict {
    let mut facts = Dict::new();
    for folder in ["/etc/ssh", "/etc/openssh", "/etc"] {
        for algorithm in ["dsa", "rsa", "ecdsa", "ed25519"] {
            let path = format!("{folder}/ssh_host_{algorithm}_key.pub");
            let Some(text) = sources::text(path) else { continue };
            let mut words = text.split_whitespace();
            if let (Some(kind), Some(key)) = (words.next(), words.next()) {
                facts.insert(format!("ssh_host_key_{algorithm}_public"), key.into());
                facts.insert(format!("ssh_host_key_{algorithm}_public_keytype"), kind.into());
            }
        }
        if !facts.is_empty() {
            break;
        }
    }
    facts
}
