//! One run: what is wanted of the filter against what its programs say. Must not know rules' words.

use std::path::PathBuf;

use nafal_base::Outcome;

use super::rule::{self, Family};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};

/// One of the programs, and what it is asked for.
struct Filter<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    tool: PathBuf,
    wait: Vec<String>,
}

/// The module's function.
pub fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let families: &[Family] = match args.required_text("ip_version") {
        "ipv4" => &[Family::Ipv4],
        "ipv6" => &[Family::Ipv6],
        _ => &[Family::Ipv4, Family::Ipv6],
    };
    // What is told of the rule leaves out the jump that a log implies.
    let told = rule::words(args, args.text("jump"), families[0])?.join(" ");
    if is_log(args) && args.text("jump").is_some_and(|jump| jump != "LOG") {
        let message = "Logging options can only be used with the LOG jump target.";
        return Err(Failure::new(message));
    }
    let mut changed = false;
    for family in families {
        changed |= one(args, ctx, *family)?;
    }
    let value = |name: &str| args.value(name).cloned().unwrap_or_default();
    let mut outcome = Outcome::ok().changed_if(changed).with("rule", told);
    for name in ["ip_version", "table", "chain", "flush", "state", "chain_management", "wait"] {
        outcome = outcome.with(name, value(name));
    }
    Ok(outcome)
}

fn is_log(args: &Arguments) -> bool {
    args.text("log_prefix").or_else(|| args.text("log_level")).is_some()
}

fn one(args: &Arguments, ctx: &Ctx, family: Family) -> Result<bool> {
    let tool = ctx.tool(match family {
        Family::Ipv4 => "iptables",
        Family::Ipv6 => "ip6tables",
    })?;
    let version = ctx.need_tool(&tool, &["--version"])?.stdout;
    let wait = args.text("wait").filter(|_| waits(&version));
    let wait = wait.map(|seconds| vec!["-w".to_owned(), seconds.to_owned()]).unwrap_or_default();
    let filter = Filter { args, ctx, tool, wait };
    if args.is("flush") {
        return filter.change("-F", &[]).map(|()| true);
    }
    if let Some(policy) = args.text("policy") {
        return filter.set_policy(policy);
    }
    let jump = args.text("jump").or(is_log(args).then_some("LOG"));
    let words = rule::words(args, jump, family)?;
    match words.is_empty() {
        true => filter.set_chain(),
        false => filter.set_rule(words),
    }
}

/// Whether the program can be told how long to wait: since 1.6.
fn waits(version: &str) -> bool {
    let number = version.split(" v").nth(1).and_then(|rest| rest.split_whitespace().next());
    let mut parts = number.unwrap_or_default().split('.').map(|part| part.parse().unwrap_or(0_u32));
    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    (major, minor) >= (1, 6)
}

impl Filter<'_> {
    /// All words of a call.
    fn words(&self, action: &str, rest: &[String]) -> Vec<String> {
        let mut words = vec!["-t", self.args.required_text("table"), action];
        words.extend(self.args.text("chain"));
        words.into_iter().map(str::to_owned).chain(rest.iter().cloned()).collect()
    }

    fn change(&self, action: &str, rest: &[String]) -> Result<()> {
        if self.ctx.is_check() {
            return Ok(());
        }
        self.ctx.need_tool(&self.tool, &self.words(action, rest)).map(|_| ())
    }

    fn numeric(&self) -> Vec<String> {
        self.args.is("numeric").then(|| "--numeric".to_owned()).into_iter().collect()
    }

    fn set_policy(&self, wanted: &str) -> Result<bool> {
        let listed = self.ctx.need_tool(&self.tool, &self.words("-L", &self.numeric()))?.stdout;
        let present = policy(&listed).ok_or_else(|| Failure::new("Can't detect current policy"))?;
        if present == wanted {
            return Ok(false);
        }
        self.change("-P", &[wanted.to_owned()])?;
        Ok(true)
    }

    /// A chain of the user's own, where the task manages chains.
    fn set_chain(&self) -> Result<bool> {
        let listed = self.ctx.run_tool(&self.tool, &self.words("-L", &self.numeric()))?;
        let is_there = listed.code == 0;
        let is_wanted = self.args.required_text("state") == "present";
        let changed = is_there != is_wanted;
        // Stock tells of a change that it doesn't make where it manages no chains (module-iptables).
        if changed && self.args.is("chain_management") {
            self.change(if is_wanted { "-N" } else { "-X" }, &[])?;
        }
        Ok(changed)
    }

    fn set_rule(&self, rule: Vec<String>) -> Result<bool> {
        let rule: Vec<String> = self.wait.iter().cloned().chain(rule).collect();
        let is_there = self.ctx.run_tool(&self.tool, &self.words("-C", &rule))?.code == 0;
        let is_wanted = self.args.required_text("state") == "present";
        if is_there == is_wanted {
            return Ok(false);
        }
        let is_inserted = self.args.required_text("action") == "insert";
        match (is_wanted, is_inserted) {
            (false, _) => self.change("-D", &rule)?,
            (true, false) => self.change("-A", &rule)?,
            (true, true) => {
                let number = self.args.text("rule_num").map(str::to_owned);
                let words: Vec<String> = number.into_iter().chain(rule).collect();
                self.change("-I", &words)?;
            }
        }
        Ok(true)
    }
}

/// The policy in a list of a chain's rules.
fn policy(listed: &str) -> Option<&str> {
    let (_, rest) = listed.split_once("(policy ")?;
    let end = rest.find(|c: char| !c.is_ascii_uppercase())?;
    Some(&rest[..end]).filter(|policy| !policy.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_say() {
        assert_eq!(policy("Chain INPUT (policy DROP 1 packets)\n"), Some("DROP"));
        assert_eq!(policy("Chain X (0 references)\n"), None);
        assert!(waits("iptables v1.8.9 (nf_tables)") && waits("iptables v1.6.0"));
        assert!(!waits("iptables v1.4.21") && !waits("?"));
    }
}
