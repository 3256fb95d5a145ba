//! Which hosts a pattern leaves, what stock says when there are none, and how hosts are listed.

use nafal_base::{Diagnostic, HostName};
use nafal_engine::Engine;
use nafal_engine::inventory::expand_limit;
use nafal_output::Terminal;

use super::session::warn;
use crate::failure::Failure;

const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The hosts of a pattern that the limit leaves. That a limit leaves none of the hosts that there
/// are is wrong.
pub fn hosts_of(
    engine: &Engine,
    pattern: &str,
    limit: Option<&str>,
    terminal: &mut Terminal,
) -> Result<Vec<HostName>, Failure> {
    let inventory = engine.inventory();
    let is_empty = inventory.host_count() == 0;
    if is_empty && engine.settings().localhost_warning && !LOCAL.contains(&pattern) {
        warn(
            terminal,
            &[Diagnostic::warning(
                "provided hosts list is empty, only localhost is available. Note that the implicit \
                 localhost does not match 'all'",
            )],
        );
    }
    let limit = limit.map(expand_limit).transpose().map_err(wrong_pattern)?;
    let mismatch = engine.settings().inventory.mismatch;
    let matched =
        inventory.matching_all(&[pattern], limit.as_deref(), mismatch).map_err(wrong_pattern)?;
    warn(terminal, &matched.warnings);
    if matched.hosts.is_empty() && !is_empty && limit.is_some() {
        return Err(Failure::new(
            "Specified inventory, host pattern and/or --limit leaves us with no hosts to target.",
            1,
        ));
    }
    Ok(matched.hosts)
}

/// A pattern or a limit that can't be read.
pub fn wrong_pattern(error: nafal_engine::inventory::Error) -> Failure {
    Failure { diagnostics: vec![error.diagnostic()], code: 1 }
}

/// Hosts below their count, as `--list-hosts` has them.
pub fn say_hosts(hosts: &[HostName], indent: usize) -> String {
    let space = " ".repeat(indent);
    let mut text = format!("{space}hosts ({}):", hosts.len());
    for host in hosts {
        text.push_str(&format!("\n{space}  {host}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_below_their_count() {
        let hosts = [HostName::from("h1"), HostName::from("h2")];
        assert_eq!(say_hosts(&hosts, 2), "  hosts (2):\n    h1\n    h2");
        assert_eq!(say_hosts(&[], 4), "    hosts (0):");
    }
}
