//! `package_facts`: which packages are installed. Must not change anything.

use std::collections::HashMap;

use nafal_base::{Dict, Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::debian;
use crate::files::{Failure, Result};
use crate::registry::Module;
use crate::spec::{Argument, Default, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "package_facts",
        &[
            Argument::list("manager", Kind::Str).or(Default::Texts(&["auto"])),
            Argument::text("strategy").or_text("first").choices(&["first", "all"]),
        ],
    ),
    run,
};

/// What stock knows, in the order in which it asks; a manager's other names are behind it.
const MANAGERS: [(&str, &[&str], &str); 7] = [
    ("apk", &[], "apk"),
    ("apt", &[], "apt-get"),
    ("pacman", &[], "pacman"),
    ("pkg", &["pkg5", "pkgng"], "pkg"),
    ("pkg_info", &["openbsd_pkg"], "pkg_info"),
    ("portage", &[], "qlist"),
    ("rpm", &["dnf", "dnf5", "yum", "zypper"], "rpm"),
];

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let named = args.texts("manager");
    let resolve = |name: &str| {
        MANAGERS.iter().find(|(own, aliases, _)| *own == name || aliases.contains(&name))
    };
    let unknown: Vec<&str> =
        named.iter().copied().filter(|name| *name != "auto" && resolve(name).is_none()).collect();
    if !unknown.is_empty() {
        let message = format!("Unsupported package managers requested: {}", unknown.join(", "));
        return Err(Failure::new(message));
    }
    let is_auto = named.contains(&"auto");
    let managers: Vec<_> = match is_auto {
        true => MANAGERS.iter().collect(),
        false => named.iter().filter_map(|name| resolve(name)).collect(),
    };
    let mut packages = Dict::new();
    let mut found_any = false;
    for (name, _, tool) in &managers {
        if let Err(missing) = ctx.tool(tool) {
            if !is_auto {
                ctx.warn(format!(
                    "Requested package manager {name} was not usable by this module: {missing}"
                ));
            }
            continue;
        }
        if *name != "apt" {
            return Err(Failure::new(format!("facts of {name} are not built yet in nafal")));
        }
        packages = from_dpkg(ctx)?;
        found_any = true;
        if args.text("strategy") == Some("first") {
            break;
        }
    }
    if !found_any {
        let names: Vec<Value> = managers.iter().map(|(name, ..)| Value::from(*name)).collect();
        return Err(Failure::new(format!(
            "Could not detect a supported package manager from the following list: {}, or the \
             required Python library is not installed. Check warnings for details.",
            Value::from(names).repr()
        )));
    }
    let facts: Dict = [("packages", Value::Dict(packages))].into_iter().collect();
    Ok(Outcome::ok().with("ansible_facts", facts))
}

fn from_dpkg(ctx: &Ctx) -> Result<Dict> {
    let format =
        "-f=${Package}\\t${Architecture}\\t${Version}\\t${Section}\\t${db:Status-Status}\\n";
    let gave = debian::run(ctx, &["dpkg-query", "-W", format])?;
    let installed: Vec<Vec<&str>> = gave
        .stdout
        .lines()
        .map(|line| line.split('\t').collect::<Vec<&str>>())
        .filter(|fields| fields.len() == 5 && fields[4] == "installed")
        .collect();
    let origins = origins(ctx, &installed)?;
    let mut packages: HashMap<&str, Vec<Value>> = HashMap::new();
    let mut order: Vec<&str> = Vec::new();
    for fields in &installed {
        let origin = origins.get(fields[0]).map_or("", String::as_str);
        let package: Dict = [
            ("name", fields[0]),
            ("arch", fields[1]),
            ("version", fields[2]),
            ("category", fields[3]),
            ("origin", origin),
            ("source", "apt"),
        ]
        .into_iter()
        .map(|(key, value)| (key, Value::from(value)))
        .collect();
        let slot = packages.entry(fields[0]).or_default();
        if slot.is_empty() {
            order.push(fields[0]);
        }
        slot.push(Value::Dict(package));
    }
    let take = |name: &&str| packages.get(name).cloned().unwrap_or_default();
    Ok(order.iter().map(|name| (*name, Value::from(take(name)))).collect())
}

/// Who publishes the versions that are installed, by package.
fn origins(ctx: &Ctx, installed: &[Vec<&str>]) -> Result<HashMap<String, String>> {
    let archives = archives(&debian::run(ctx, &["apt-cache", "policy"])?.stdout);
    let names: Vec<&str> = installed.iter().map(|fields| fields[0]).collect();
    let words = [&["apt-cache", "policy", "--"][..], &names].concat();
    let gave = debian::run(ctx, &words)?;
    Ok(of_installed(&gave.stdout, &archives))
}

/// The origin of each source, by the line that names it.
fn archives(text: &str) -> HashMap<String, String> {
    let mut archives = HashMap::new();
    let mut source = "";
    for line in text.lines().map(str::trim) {
        if let Some(release) = line.strip_prefix("release ") {
            let origin = release.split(',').find_map(|part| part.strip_prefix("o="));
            archives.insert(source.to_owned(), origin.unwrap_or_default().to_owned());
        } else if let Some((priority, rest)) = line.split_once(' ')
            && priority.parse::<i32>().is_ok()
        {
            source = rest;
        }
    }
    archives
}

/// Of each package the origin of the first source that has the version which is there.
fn of_installed(text: &str, archives: &HashMap<String, String>) -> HashMap<String, String> {
    let mut origins = HashMap::new();
    let (mut name, mut is_there) = ("", false);
    for line in text.lines() {
        if !line.starts_with(' ') {
            name = line.trim_end_matches(':');
            is_there = false;
        } else if line.starts_with(" *** ") {
            is_there = true;
        } else if !line.starts_with("        ") {
            is_there = false;
        } else if is_there {
            let source = line.trim().split_once(' ').map_or("", |(_, source)| source.trim());
            let origin = archives.get(source).cloned().unwrap_or_default();
            origins.entry(name.to_owned()).or_insert(origin);
        }
    }
    origins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_of_versions() {
        let archives = archives(
            "Package files:\n 100 /var/lib/dpkg/status\n     release a=now\n 500 http://h s/main amd64 Packages\n     release v=12,o=Debian,a=stable\n     origin h\n",
        );
        assert_eq!(archives["http://h s/main amd64 Packages"], "Debian");
        let text = "a:\n  Installed: 1\n  Version table:\n     2 500\n        500 http://h s/main amd64 Packages\n *** 1 100\n        100 /var/lib/dpkg/status\nb:\n  Version table:\n *** 1 500\n        500 http://h s/main amd64 Packages\n        100 /var/lib/dpkg/status\n";
        let origins = of_installed(text, &archives);
        assert_eq!(origins["a"], "");
        assert_eq!(origins["b"], "Debian");
    }
}
