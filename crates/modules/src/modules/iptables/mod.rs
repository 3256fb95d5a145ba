//! `iptables`: a rule, a chain or a policy of the packet filter is there, or isn't.

mod rule;
mod run;

use crate::registry::Module;
use crate::spec::{Argument, Count, Default, Kind, RequiredIf, Spec};

const fn needs(
    argument: &'static str,
    value: &'static str,
    needs: &'static [&'static str],
) -> RequiredIf {
    RequiredIf { argument, value, needs, count: Count::All }
}

const fn list(name: &'static str) -> Argument {
    Argument::list(name, Kind::Str).or(Default::Texts(&[]))
}

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        mutually_exclusive: &[&["set_dscp_mark", "set_dscp_mark_class"], &["flush", "policy"]],
        required_if: &[
            needs("jump", "TEE", &["gateway"]),
            needs("jump", "tee", &["gateway"]),
            needs("flush", "False", &["chain"]),
        ],
        required_by: &[("set_dscp_mark", &["jump"]), ("set_dscp_mark_class", &["jump"])],
        ..Spec::new("iptables", ARGUMENTS)
    },
    run: run::run,
};

const ARGUMENTS: &[Argument] = &[
    Argument::text("table")
        .or_text("filter")
        .choices(&["filter", "nat", "mangle", "raw", "security"]),
    Argument::text("state").or_text("present").choices(&["absent", "present"]),
    Argument::text("action").or_text("append").choices(&["append", "insert"]),
    Argument::text("ip_version").or_text("ipv4").choices(&["ipv4", "ipv6", "both"]),
    Argument::text("chain"),
    Argument::text("rule_num"),
    Argument::text("protocol"),
    Argument::text("wait"),
    Argument::text("source"),
    Argument::text("to_source"),
    Argument::text("destination"),
    Argument::text("to_destination"),
    list("match"),
    Argument::new("tcp_flags", Kind::Dict),
    Argument::text("jump"),
    Argument::text("gateway"),
    Argument::text("log_prefix"),
    Argument::text("log_level").choices(&[
        "0", "1", "2", "3", "4", "5", "6", "7", "emerg", "alert", "crit", "error", "warning",
        "notice", "info", "debug",
    ]),
    Argument::text("goto"),
    Argument::text("in_interface"),
    Argument::text("out_interface"),
    Argument::text("fragment"),
    Argument::text("set_counters"),
    Argument::text("source_port"),
    Argument::text("destination_port"),
    list("destination_ports"),
    Argument::text("to_ports"),
    Argument::text("set_dscp_mark"),
    Argument::text("set_dscp_mark_class"),
    Argument::text("comment"),
    list("ctstate"),
    Argument::text("src_range"),
    Argument::text("dst_range"),
    Argument::text("match_set"),
    Argument::text("match_set_flags")
        .choices(&["src", "dst", "src,dst", "dst,src", "dst,dst", "src,src"]),
    Argument::text("limit"),
    Argument::text("limit_burst"),
    Argument::text("uid_owner"),
    Argument::text("gid_owner"),
    Argument::text("reject_with"),
    Argument::text("icmp_type"),
    Argument::text("syn").or_text("ignore").choices(&["ignore", "match", "negate"]),
    Argument::flag("flush", false),
    Argument::text("policy").choices(&["ACCEPT", "DROP", "QUEUE", "RETURN"]),
    Argument::flag("chain_management", false),
    Argument::flag("numeric", false),
];
