//! `ansible.posix.sysctl`: a setting of the kernel is in a file, in the kernel, or isn't in the file.

use nafal_base::Outcome;
use nafal_base::charset::Charset;

use crate::arguments::Arguments;
use crate::arguments::{FALSE_WORDS, TRUE_WORDS};
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::tools::Gave;
use crate::files::{Content, Failure, Result, WriteError, paths, staged};
use crate::lines;
use crate::registry::Module;
use crate::spec::{Argument, Count, RequiredIf, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        required_if: &[RequiredIf {
            argument: "state",
            value: "present",
            needs: &["value"],
            count: Count::All,
        }],
        ..Spec::new(
            "ansible.posix.sysctl",
            &[
                Argument::text("name").required().aliases(&["key"]),
                Argument::text("value").aliases(&["val"]),
                Argument::text("state").or_text("present").choices(&["present", "absent"]),
                Argument::flag("reload", true),
                Argument::flag("sysctl_set", false),
                Argument::flag("ignoreerrors", false),
                Argument::path("sysctl_file").or_text("/etc/sysctl.conf"),
            ],
        )
    },
    run,
};

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    Setting(String, String),
    /// A comment, a blank, or what is no setting.
    Other(String),
}

/// The lines as stock's module writes them back: without spaces around anything, each setting once.
fn read(text: &str) -> Vec<Line> {
    lines::universal(text.to_owned())
        .split_terminator('\n')
        .map(str::trim)
        .map(|line| match line.split_once('=') {
            Some((name, value)) if !line.starts_with(['#', ';']) => {
                Line::Setting(name.trim().to_owned(), value.trim().to_owned())
            }
            _ => Line::Other(line.to_owned()),
        })
        .collect()
}

/// The value that counts of a setting that is there several times: the last.
fn value_of<'a>(lines: &'a [Line], wanted: &str) -> Option<&'a str> {
    lines.iter().rev().find_map(|line| match line {
        Line::Setting(name, value) if name == wanted => Some(value.as_str()),
        _ => None,
    })
}

/// The text with this value for a setting, or without the setting.
fn changed(lines: &[Line], wanted: &str, new: Option<&str>) -> String {
    let mut known: Vec<&str> = Vec::new();
    let mut text = String::new();
    let mut put = |words: &[&str]| {
        words.iter().for_each(|word| text.push_str(word));
        text.push('\n');
    };
    for line in lines {
        match line {
            Line::Other(other) => put(&[other]),
            Line::Setting(name, _) if known.contains(&name.as_str()) => {}
            Line::Setting(name, old) => {
                known.push(name);
                match (name == wanted, new) {
                    (true, None) => {}
                    (true, Some(value)) => put(&[name, "=", value]),
                    (false, _) => put(&[name, "=", old]),
                }
            }
        }
    }
    if let Some(value) = new.filter(|_| !known.contains(&wanted)) {
        put(&[wanted, "=", value]);
    }
    text
}

/// A value as it is written: booleans and words for them are numbers.
fn written(value: &str) -> String {
    let value = value.trim();
    let word = value.to_lowercase();
    match word.as_str() {
        word if TRUE_WORDS.contains(&word) => "1".to_owned(),
        word if FALSE_WORDS.contains(&word) => "0".to_owned(),
        _ => value.to_owned(),
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// The kernel, as `sysctl` sees it.
struct Kernel<'a> {
    ctx: &'a Ctx,
    args: &'a Arguments,
}

impl Kernel<'_> {
    fn ask(&self, words: &[&str]) -> Result<Gave> {
        self.ctx.run_tool(&self.ctx.tool("sysctl")?, words)
    }

    fn value_of(&self, name: &str) -> Result<Option<String>> {
        let gave = self.ask(&["-e", "-n", name])?;
        Ok((gave.code == 0).then_some(gave.stdout))
    }

    /// Changes something; `sysctl` doesn't always fail when it can't.
    fn change(&self, words: [&str; 2], failed: &str) -> Result<()> {
        let quiet: &[&str] = if self.args.is("ignoreerrors") { &["-e"] } else { &[] };
        let gave = self.ask(&[quiet, &words].concat())?;
        if gave.code == 0 && !gave.stderr.lines().any(is_refusal) {
            return Ok(());
        }
        Err(Failure::new(format!("{failed}: {}{}", gave.stdout, gave.stderr)))
    }
}

fn is_refusal(line: &str) -> bool {
    let refused =
        line.strip_prefix("sysctl: setting key \"").and_then(|rest| rest.split_once("\": "));
    refused.is_some_and(|(_, why)| matches!(why, "Invalid argument" | "Read-only file system"))
}

/// What is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Plan {
    is_changed: bool,
    sets_kernel: bool,
    writes: bool,
}

fn plan(
    args: &Arguments,
    lines: &[Line],
    name: &str,
    new: Option<&str>,
    now: Option<&str>,
) -> Plan {
    let in_file = value_of(lines, name);
    let mut plan = Plan::default();
    let Some(new) = new else {
        let is_there = in_file.is_some();
        return Plan { is_changed: is_there, writes: is_there, ..plan };
    };
    if in_file != Some(new) {
        plan.is_changed = true;
        plan.writes = true;
    }
    let differs = now.is_none_or(|now| !is_same(now, new));
    if args.is("reload") && differs {
        plan.is_changed = true;
        plan.writes = true;
    }
    if args.is("sysctl_set") && differs {
        plan.is_changed = true;
        // What the kernel doesn't have can't be set.
        plan.sets_kernel = now.is_some();
    }
    plan
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let name = args.required_text("name").trim();
    if name.is_empty() {
        return Err(Failure::new("name cannot be blank"));
    }
    let is_wanted = args.required_text("state") == "present";
    if is_wanted && args.text("value") == Some("") {
        return Err(Failure::new("value cannot be blank"));
    }
    let new = args.text("value").filter(|_| is_wanted).map(written);
    let shown = args.required_text("sysctl_file");
    let file = ctx.resolve(shown);
    let lines = match std::fs::read(&file) {
        Ok(bytes) => read(&Charset::Utf8.decode(&bytes)?),
        Err(_) => Vec::new(),
    };
    let kernel = Kernel { ctx, args };
    let now = kernel.value_of(name)?;
    let plan = plan(args, &lines, name, new.as_deref(), now.as_deref());
    if !ctx.is_check() {
        if let Some(new) = new.as_deref().filter(|_| plan.sets_kernel) {
            kernel.change(["-w", &format!("{name}={new}")], &format!("setting {name} failed"))?;
        }
        if plan.writes {
            write(ctx, shown, &changed(&lines, name, new.as_deref()))?;
        }
        if plan.is_changed && args.is("reload") {
            kernel.change(["-p", shown], "Failed to reload sysctl")?;
        }
    }
    Ok(Outcome::ok().changed_if(plan.is_changed))
}

fn write(ctx: &Ctx, shown: &str, text: &str) -> Result<()> {
    let folder = ctx.resolve(paths::folder_of(shown));
    let random = staged::random_text().map_err(|error| Failure::new(error.to_string()))?;
    let waiting = folder.join(format!(".ansible_m_sysctl_{random}.conf"));
    let waiting = waiting.to_string_lossy().into_owned();
    if !folder.exists() {
        let missing = std::io::Error::from(rustix::io::Errno::NOENT);
        return Err(Failure::raised([errno_text(&missing, Some(&waiting))]));
    }
    let content = Content::Bytes(text.as_bytes());
    let real = paths::real_path(&ctx.resolve(shown));
    staged::write(&real, content, &ctx.plain_options()).map_err(|error| match error {
        // Stock's own file waits beside the other one here, so it tells of no second attempt.
        WriteError::Rename { path, source, .. } => {
            WriteError::Replace { path, waiting, source }.into()
        }
        other => other.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_their_changes() {
        let lines = read("# c\r\n a.b = 1 \n;x=1\nno sign\na.b=2\nc.d=x=y\n");
        assert_eq!(value_of(&lines, "a.b"), Some("2"));
        assert_eq!(value_of(&lines, "c.d"), Some("x=y"));
        assert_eq!(changed(&lines, "a.b", Some("3")), "# c\na.b=3\n;x=1\nno sign\nc.d=x=y\n");
        assert_eq!(changed(&lines, "c.d", None), "# c\na.b=1\n;x=1\nno sign\n");
        assert!(changed(&lines, "e.f", Some("5")).ends_with("c.d=x=y\ne.f=5\n"));
    }

    #[test]
    fn values() {
        let texts = ["True", " on", "OFF", "5 ", "1.0"].map(written);
        assert_eq!(texts, ["1", "1", "0", "5", "1.0"]);
        assert!(is_same("1\t2  3\n", "1 2 3") && !is_same("1", "1 2"));
    }

    #[test]
    fn refusals() {
        assert!(is_refusal("sysctl: setting key \"a.b\": Invalid argument"));
        assert!(!is_refusal("sysctl: permission denied on key \"a.b\""));
    }
}
