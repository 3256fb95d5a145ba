//! Addresses of hosts by name: a static binary can't ask the C library, so: the name itself when it
//! is an address, /etc/hosts, then `getent`. Must not know what they are for.

use std::net::IpAddr;

use crate::files::tools;

/// Every address of a host, none when it isn't known.
pub fn of(host: &str) -> Vec<IpAddr> {
    if let Ok(address) = host.trim_matches(['[', ']']).parse() {
        return vec![address];
    }
    let file = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    let found = in_file(&file, host);
    if !found.is_empty() {
        return found;
    }
    let Some(gave) = tools::run("getent", &["ahosts", host]).filter(|gave| gave.code == 0) else {
        return Vec::new();
    };
    let mut found: Vec<IpAddr> = gave
        .stdout
        .lines()
        .filter_map(|line| line.split_whitespace().next()?.parse().ok())
        .collect();
    found.dedup();
    found
}

fn in_file(file: &str, host: &str) -> Vec<IpAddr> {
    let line = |line: &str| {
        let mut fields = line.split('#').next()?.split_whitespace();
        let address = fields.next()?.parse().ok()?;
        fields.any(|name| name.eq_ignore_ascii_case(host)).then_some(address)
    };
    file.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names() {
        assert_eq!(of("127.0.0.1"), ["127.0.0.1".parse::<IpAddr>().unwrap()]);
        assert_eq!(of("::1"), ["::1".parse::<IpAddr>().unwrap()]);
        let file = "127.0.0.1 localhost # here\n::1 ip6 LocalHost\n10.0.0.1 other\n";
        assert_eq!(in_file(file, "localhost").len(), 2);
        assert!(in_file(file, "here").is_empty());
    }
}
