//! Owns the replay of `tests/cases`: what a real ansible-core did there (recorded by `tests/record`),
//! `nafal` has to do too. It must not know anything of nafal but its binary.
//!
//! `cargo test -p nafal --test cases [-- NAME]`; tests/cases/README.md tells what a case is made of.

mod case;
mod changes;
mod compare;
mod normalise;
mod reference;
mod replay;
mod sandbox;
mod terminal;
mod tree;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};

/// What can go wrong around a case; a difference is a [`Failed`], made of its text.
type Fault = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match trials() {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(fault) => {
            let text = fault.to_string();
            let broken = Trial::test("cases can be read", move || Err(Failed::from(text)));
            libtest_mimic::run(&arguments, vec![broken]).exit_code()
        }
    }
}

fn trials() -> Result<Vec<Trial>, Fault> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests").canonicalize()?;
    let rules = Arc::new(normalise::Rules::read(&tests.join("normalise.yml"))?);
    let commands = Arc::new(replay::Commands::link()?);
    let mut trials = vec![
        Trial::test("harness::rules do what their examples say", {
            let rules = Arc::clone(&rules);
            move || rules.check_examples().map_err(Failed::from)
        }),
        Trial::test("harness::a difference is found", || {
            compare::self_check().map_err(Failed::from)
        }),
    ];
    let differing = differing(&tests.join("cases/differs.txt"))?;
    for folder in case_folders(&tests.join("cases"))? {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (rules, commands) = (Arc::clone(&rules), Arc::clone(&commands));
        let differs = differing.contains(&name);
        let shown = if differs { format!("differs::{name}") } else { name.clone() };
        // A case that can't be read fails when it is replayed, with its reason.
        let case = case::Case::read(&folder);
        let wants_root = case.as_ref().is_ok_and(|case| case.sandbox.is_some());
        let lacks_core =
            case.is_ok_and(|case| case.needs.is_some() && reference::package().is_none());
        let lacking = match (wants_root && !sandbox::is_possible(), lacks_core) {
            (true, _) => Some("needs root"),
            (_, true) => Some("needs ansible-core"),
            _ => None,
        };
        let trial = Trial::test(shown, move || {
            let result = replay::replay(&folder, &rules, &commands);
            match (differs, result) {
                (false, result) => result.map_err(Failed::from),
                (true, Err(_)) => Ok(()),
                (true, Ok(())) => Err(Failed::from(format!(
                    "{name} is as ansible-core has it by now: take it out of tests/cases/differs.txt"
                ))),
            }
        });
        trials.push(match lacking {
            Some(what) => trial.with_kind(what).with_ignored_flag(true),
            None => trial,
        });
    }
    Ok(trials)
}

/// The cases in which nafal is known to differ. Each is replayed all the same and must differ, so
/// that the list can only become shorter.
fn differing(list: &Path) -> Result<Vec<String>, Fault> {
    let text = std::fs::read_to_string(list)?;
    let names =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect())
}

/// The folders of all cases. One without `case.yml` is an error of its own when it is replayed:
/// a case that is not run by mistake would be worse than a failing one.
fn case_folders(cases: &Path) -> Result<Vec<PathBuf>, Fault> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(cases)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}
