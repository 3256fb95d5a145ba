//! A rule's words from a task's arguments. Must not run anything.

use nafal_base::Value;

use crate::arguments::Arguments;
use crate::files::{Failure, Result};

/// Which of the two programs a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `iptables`.
    Ipv4,
    /// `ip6tables`.
    Ipv6,
}

/// A rule that grows.
struct Rule<'a> {
    args: &'a Arguments,
    words: Vec<String>,
}

/// The words of a rule; none when the task names nothing of one.
pub fn words(args: &Arguments, jump: Option<&str>, family: Family) -> Result<Vec<String>> {
    let mut rule = Rule { args, words: Vec::new() };
    rule.texts(&[("protocol", "-p"), ("source", "-s"), ("destination", "-d")])?;
    for name in args.texts("match") {
        rule.word("-m", name)?;
    }
    rule.tcp_flags()?;
    if let Some(jump) = jump {
        rule.word("-j", jump)?;
    }
    if jump.is_some_and(|jump| jump.eq_ignore_ascii_case("tee")) {
        rule.texts(&[("gateway", "--gateway")])?;
    }
    rule.texts(&[
        ("log_prefix", "--log-prefix"),
        ("log_level", "--log-level"),
        ("to_destination", "--to-destination"),
    ])?;
    rule.ports();
    rule.texts(&[
        ("to_source", "--to-source"),
        ("goto", "-g"),
        ("in_interface", "-i"),
        ("out_interface", "-o"),
        ("fragment", "-f"),
        ("set_counters", "-c"),
        ("source_port", "--source-port"),
        ("destination_port", "--destination-port"),
        ("to_ports", "--to-ports"),
        ("set_dscp_mark", "--set-dscp"),
        ("set_dscp_mark_class", "--set-dscp-class"),
    ])?;
    rule.syn();
    rule.states();
    rule.extension("iprange", &[("src_range", "--src-range"), ("dst_range", "--dst-range")])?;
    rule.set()?;
    rule.extension("limit", &[("limit", "--limit"), ("limit_burst", "--limit-burst")])?;
    rule.extension("owner", &[("uid_owner", "--uid-owner"), ("gid_owner", "--gid-owner")])?;
    if args.text("reject_with").is_some() && jump.is_none() {
        rule.word("-j", "REJECT")?;
    }
    rule.texts(&[("reject_with", "--reject-with")])?;
    let icmp = match family {
        Family::Ipv4 => "--icmp-type",
        Family::Ipv6 => "--icmpv6-type",
    };
    rule.texts(&[("icmp_type", icmp)])?;
    rule.extension("comment", &[("comment", "--comment")])?;
    Ok(rule.words)
}

impl Rule<'_> {
    fn push(&mut self, words: &[&str]) {
        self.words.extend(words.iter().map(|word| (*word).to_owned()));
    }

    /// An option; a `!` before its value stands before the option.
    fn word(&mut self, option: &str, value: &str) -> Result<()> {
        if value.is_empty() {
            // Stock's own words.
            return Err(Failure::raised(["string index out of range"]));
        }
        match value.strip_prefix('!') {
            Some(value) => self.push(&["!", option, value]),
            None => self.push(&[option, value]),
        }
        Ok(())
    }

    fn texts(&mut self, options: &[(&str, &str)]) -> Result<()> {
        for (name, option) in options {
            if let Some(value) = self.args.text(name) {
                self.word(option, value)?;
            }
        }
        Ok(())
    }

    /// An extension is loaded where the task doesn't do it itself.
    fn load(&mut self, extension: &str) {
        if !self.args.texts("match").contains(&extension) {
            self.push(&["-m", extension]);
        }
    }

    fn extension(&mut self, extension: &str, options: &[(&str, &str)]) -> Result<()> {
        if options.iter().any(|(name, _)| self.args.text(name).is_some()) {
            self.load(extension);
        }
        self.texts(options)
    }

    fn tcp_flags(&mut self) -> Result<()> {
        let Some(flags) = self.args.dict("tcp_flags") else { return Ok(()) };
        let list = |name: &str| -> Result<String> {
            match flags.get(name) {
                Some(Value::List(items)) => {
                    let items: Vec<String> =
                        items.iter().map(|item| item.to_text().into_owned()).collect();
                    Ok(items.join(","))
                }
                Some(Value::Str(text)) => Ok(text.to_string()),
                _ => Err(Failure::raised(["can only join an iterable"])),
            }
        };
        let (flags, set) = (list("flags")?, list("flags_set")?);
        self.push(&["--tcp-flags", &flags, &set]);
        Ok(())
    }

    fn ports(&mut self) {
        let ports = self.args.texts("destination_ports");
        if !ports.is_empty() {
            self.load("multiport");
            self.push(&["--dports", &ports.join(",")]);
        }
    }

    fn syn(&mut self) {
        match self.args.required_text("syn") {
            "match" => self.push(&["--syn"]),
            "negate" => self.push(&["!", "--syn"]),
            _ => {}
        }
    }

    fn states(&mut self) {
        let states = self.args.texts("ctstate");
        if states.is_empty() {
            return;
        }
        let loaded = self.args.texts("match");
        if loaded.contains(&"state") && !loaded.contains(&"conntrack") {
            self.push(&["--state", &states.join(",")]);
        } else {
            self.load("conntrack");
            self.push(&["--ctstate", &states.join(",")]);
        }
    }

    fn set(&mut self) -> Result<()> {
        let Some(set) = self.args.text("match_set") else { return Ok(()) };
        self.load("set");
        self.word("--match-set", set)?;
        let Some(flags) = self.args.text("match_set_flags") else {
            let item = self.words.len();
            let words = format!("sequence item {item}: expected str instance, NoneType found");
            return Err(Failure::raised([words]));
        };
        self.push(&[flags]);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use nafal_base::Dict;

    use super::*;
    use crate::arguments::check;
    use crate::ctx::Ctx;

    fn rule(args: &[(&str, Value)]) -> String {
        let mut given: Dict = args.iter().map(|(name, value)| (*name, value.clone())).collect();
        given.insert("chain", "INPUT".into());
        let ctx = Ctx::plain("iptables", nafal_base::wire::Surroundings::default());
        let args = check(&super::super::MODULE.spec, &given, &ctx).unwrap();
        words(&args, args.text("jump"), Family::Ipv4).unwrap().join(" ")
    }

    #[test]
    fn extensions_are_loaded_once() {
        let states = || ("ctstate", Value::from(vec!["NEW", "RELATED"]));
        assert_eq!(rule(&[states()]), "-m conntrack --ctstate NEW,RELATED");
        let with = rule(&[states(), ("match", vec!["state"].into())]);
        assert_eq!(with, "-m state --state NEW,RELATED");
        let with = rule(&[("limit_burst", "4".into()), ("match", vec!["limit"].into())]);
        assert_eq!(with, "-m limit --limit-burst 4");
        let owned = rule(&[("uid_owner", "!root".into()), ("gid_owner", "x".into())]);
        assert_eq!(owned, "-m owner ! --uid-owner root --gid-owner x");
        assert_eq!(rule(&[]), "");
    }
}
