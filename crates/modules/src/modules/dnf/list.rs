//! `list`: what is installed, what could be, which repositories there are. Must not know what is wanted.

use nafal_base::{Dict, Outcome, Value};

use super::command::{Dnf, Generation};
use crate::files::{Failure, Result};

const FORMAT: &str = "%{name}|%{epoch}|%{version}|%{release}|%{arch}|%{reponame}\\n";
/// The repository of what is installed.
const SYSTEM: &str = "@System";

/// What was asked for.
pub fn list(dnf: &Dnf<'_>, what: &str) -> Result<Outcome> {
    let results = match what {
        "installed" => packages(dnf, &["--installed"])?,
        "available" => packages(dnf, &["--available"])?,
        "updates" | "upgrades" => packages(dnf, &["--upgrades"])?,
        "repos" | "repositories" => repositories(dnf)?,
        spec => {
            let mut found = packages(dnf, &["--installed", spec])?;
            found.extend(packages(dnf, &["--available", spec])?);
            found
        }
    };
    let outcome = Outcome::ok().with("msg", "").with("results", results);
    Ok(match dnf.generation() {
        Generation::Four => outcome,
        Generation::Five => outcome.with("rc", 0),
    })
}

fn packages(dnf: &Dnf<'_>, words: &[&str]) -> Result<Vec<Value>> {
    let format = format!("--queryformat={FORMAT}");
    let words = [&["-q", "repoquery", format.as_str()], words].concat();
    let gave = dnf.run(&words)?;
    if gave.code != 0 {
        return Err(Failure::new(gave.stderr.trim_end()).with("rc", gave.code));
    }
    Ok(gave.stdout.lines().filter_map(|line| package(line, dnf.generation())).collect())
}

fn package(line: &str, generation: Generation) -> Option<Value> {
    let parts: Vec<&str> = line.split('|').collect();
    let [name, epoch, version, release, arch, repository] = parts.as_slice() else { return None };
    // dnf 5 names none for what is installed.
    let repository = if repository.is_empty() { &SYSTEM } else { repository };
    let shown = match generation {
        Generation::Four => format!("{epoch}:{name}-{version}-{release}.{arch}"),
        Generation::Five if *epoch == "0" => format!("{name}-{version}-{release}.{arch}"),
        Generation::Five => format!("{name}-{epoch}:{version}-{release}.{arch}"),
    };
    let state = if *repository == SYSTEM { "installed" } else { "available" };
    let entries = [
        ("arch", *arch),
        ("epoch", *epoch),
        ("name", *name),
        ("nevra", shown.as_str()),
        ("release", *release),
        ("repo", *repository),
        ("version", *version),
        ("envra", shown.as_str()),
        ("yumstate", state),
    ];
    let entry: Dict = entries.into_iter().map(|(key, value)| (key, Value::from(value))).collect();
    Some(Value::Dict(entry))
}

fn repositories(dnf: &Dnf<'_>) -> Result<Vec<Value>> {
    let gave = dnf.run(&["-q", "repolist", "--enabled"])?;
    if gave.code != 0 {
        return Err(Failure::new(gave.stderr.trim_end()).with("rc", gave.code));
    }
    let names = gave.stdout.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    let entry = |name: &str| -> Value {
        let entry: Dict = [("repoid", Value::from(name)), ("state", Value::from("enabled"))]
            .into_iter()
            .collect();
        Value::Dict(entry)
    };
    // To dnf 5 what is installed is a repository too.
    let system = (dnf.generation() == Generation::Five).then_some(SYSTEM);
    Ok(names.chain(system).map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_query() {
        let read = package("one|0|2.0|1|noarch|@System", Generation::Four).unwrap();
        let read = read.as_dict().unwrap();
        assert_eq!(read.get("envra"), Some(&Value::from("0:one-2.0-1.noarch")));
        assert_eq!(read.get("yumstate"), Some(&Value::from("installed")));
        assert!(package("", Generation::Four).is_none());
        let read = package("one|1|2.0|1|noarch|", Generation::Five).unwrap();
        let read = read.as_dict().unwrap();
        assert_eq!(read.get("nevra"), Some(&Value::from("one-1:2.0-1.noarch")));
        assert_eq!(read.get("repo"), Some(&Value::from("@System")));
    }
}
