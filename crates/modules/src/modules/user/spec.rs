//! The arguments of `user`. Must not know what is done with them.

use super::run::run;
use crate::registry::Module;
use crate::spec::{Argument, Count, Kind, RequiredIf, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        required_if: &[RequiredIf {
            argument: "append",
            value: "True",
            needs: &["groups"],
            count: Count::All,
        }],
        ..Spec::new("user", ARGUMENTS)
    },
    run,
};

const ARGUMENTS: &[Argument] = &[
    Argument::text("name").required().aliases(&["user"]),
    Argument::text("state").or_text("present").choices(&["absent", "present"]),
    Argument::new("uid", Kind::Int),
    Argument::flag("non_unique", false),
    Argument::text("group"),
    Argument::list("groups", Kind::Str),
    Argument::text("comment"),
    Argument::path("home"),
    Argument::path("shell"),
    Argument::text("password").hidden(),
    Argument::text("login_class"),
    Argument::flag("hidden", false),
    Argument::text("seuser"),
    // userdel
    Argument::flag("force", false),
    Argument::flag("remove", false),
    // useradd
    Argument::flag("create_home", true).aliases(&["createhome"]),
    Argument::text("skeleton"),
    Argument::flag("system", false),
    Argument::text("umask"),
    Argument::new("uid_min", Kind::Int),
    Argument::new("uid_max", Kind::Int),
    // usermod
    Argument::flag("move_home", false),
    Argument::flag("append", false),
    // keys
    Argument::flag("generate_ssh_key", false),
    Argument::new("ssh_key_bits", Kind::Int),
    Argument::text("ssh_key_type").or_text("rsa"),
    Argument::path("ssh_key_file"),
    Argument::text("ssh_key_comment").or_text("ansible-generated on $HOSTNAME"),
    Argument::text("ssh_key_passphrase").hidden(),
    Argument::text("update_password").or_text("always").choices(&["always", "on_create"]),
    Argument::new("expires", Kind::Float),
    Argument::new("password_lock", Kind::Bool),
    Argument::flag("local", false),
    Argument::text("profile"),
    Argument::text("authorization"),
    Argument::text("role"),
    Argument::new("password_expire_max", Kind::Int),
    Argument::new("password_expire_min", Kind::Int),
    Argument::new("password_expire_warn", Kind::Int),
    Argument::new("password_expire_account_disable", Kind::Int),
];
