//! `community.general.locale_gen`: locales are made by glibc's `locale-gen`, or aren't.

use std::fs;

use nafal_base::{Dict, Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Content, Failure, Result, paths, staged};
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "community.general.locale_gen",
        &[
            Argument::list("name", Kind::Str).required(),
            Argument::text("state").or_text("present").choices(&["absent", "present"]),
        ],
    ),
    run,
};

/// What is to be made.
const LIST: &str = "/etc/locale.gen";
/// What can be made.
const SUPPORTED: &str = "/usr/share/i18n/SUPPORTED";

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let names = args.texts("name");
    let told: Dict = [
        ("mechanism", Value::from("glibc")),
        ("name", names.clone().into()),
        ("ubuntu_mode", false.into()),
    ]
    .into_iter()
    .collect();
    let Ok(bytes) = fs::read(LIST) else {
        return Err(Failure::new(format!(
            "{LIST} can't be read: locales are made from it alone in nafal"
        )));
    };
    let list = String::from_utf8_lossy(&bytes).into_owned();
    let supported = fs::read_to_string(SUPPORTED).unwrap_or_default();
    let charset = |name: &str| {
        let mut entries = list.lines().chain(supported.lines()).filter_map(entry);
        entries.find(|(known, _)| *known == name).map(|(_, charset)| charset)
    };
    let missing: Vec<&str> = names.iter().copied().filter(|name| charset(name).is_none()).collect();
    if !missing.is_empty() {
        let message = format!(
            "The following locales you have entered are not available on your system: {}",
            missing.join(", ")
        );
        let mut failure = Failure::new(message).with("output", told.clone());
        for (key, value) in &told {
            failure = failure.with(key.as_str().unwrap_or_default(), value.clone());
        }
        return Err(failure.with("vars", told));
    }
    let is_wanted = args.required_text("state") == "present";
    let made = made(ctx)?;
    let is_right = |name: &&str| made.contains(&known_as(name)) == is_wanted;
    // Stock says in check mode that nothing changes.
    let changes = !ctx.is_check() && !names.iter().all(is_right);
    if changes {
        let new = names.iter().fold(list.clone(), |list, name| match is_wanted {
            true => with(&list, name, charset(name).unwrap_or_default()),
            false => without(&list, name),
        });
        let content = Content::Bytes(new.as_bytes());
        staged::write(&paths::real_path(LIST.as_ref()), content, &ctx.plain_options())?;
        ctx.need_tool(&ctx.tool("locale-gen")?, &[] as &[&str])?;
    }
    let mut outcome = Outcome::ok().changed_if(changes);
    outcome.values.lay_over(&told);
    Ok(outcome)
}

/// The name and the charset of a line, whether it is a comment or not.
fn entry(line: &str) -> Option<(&str, &str)> {
    let mut words = line.trim().trim_start_matches('#').split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(name), Some(charset), None) => Some((name, charset)),
        _ => None,
    }
}

/// A name as `locale -a` has it: `de_DE.UTF-8` is `de_DE.utf8`.
fn known_as(name: &str) -> String {
    let Some((language, rest)) = name.split_once('.') else { return name.to_owned() };
    let (charset, modifier) = match rest.split_once('@') {
        Some((charset, modifier)) => (charset, format!("@{modifier}")),
        None => (rest, String::new()),
    };
    format!("{language}.{}{modifier}", charset.replace('-', "").to_lowercase())
}

/// The locales that there are.
fn made(ctx: &Ctx) -> Result<Vec<String>> {
    let gave = ctx.need_tool(&ctx.tool("locale")?, &["-a"])?;
    Ok(gave.stdout.lines().map(known_as).collect())
}

/// The list with a locale: its comment counts now, or it gets a line.
fn with(list: &str, name: &str, charset: &str) -> String {
    let mut is_there = false;
    let mut new: String = list
        .split_inclusive('\n')
        .map(|line| {
            let is_comment = line.trim_start().starts_with('#');
            if !is_comment || entry(line) != Some((name, charset)) {
                return line.to_owned();
            }
            is_there = true;
            format!("{name} {charset}\n")
        })
        .collect();
    if !is_there {
        if !new.is_empty() && !new.ends_with('\n') {
            new.push('\n');
        }
        new.push_str(&format!("{name} {charset}\n"));
    }
    new
}

/// The list with a locale's lines as comments.
fn without(list: &str, name: &str) -> String {
    let lines = list.split_inclusive('\n').map(|line| {
        let is_its = !line.trim_start().starts_with('#')
            && entry(line).is_some_and(|(known, _)| known == name);
        if is_its { format!("# {}", line.trim_start()) } else { line.to_owned() }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(known_as("de_DE.UTF-8"), "de_DE.utf8");
        assert_eq!(known_as("de_DE.ISO-8859-15@euro"), "de_DE.iso885915@euro");
        assert_eq!(known_as("de_DE@euro"), "de_DE@euro");
        assert_eq!(entry("# de_DE.UTF-8 UTF-8  "), Some(("de_DE.UTF-8", "UTF-8")));
        assert_eq!(entry("# This file lists locales"), None);
    }

    #[test]
    fn lists() {
        let list = "# a.UTF-8 UTF-8\nb.UTF-8 UTF-8\n";
        assert_eq!(with(list, "a.UTF-8", "UTF-8"), "a.UTF-8 UTF-8\nb.UTF-8 UTF-8\n");
        assert_eq!(with("x", "a", "Y"), "x\na Y\n");
        assert_eq!(without(list, "b.UTF-8"), "# a.UTF-8 UTF-8\n# b.UTF-8 UTF-8\n");
    }
}
