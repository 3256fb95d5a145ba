//! What dnf complains of, in the words of stock's modules. Must not know what was wanted.

use crate::files::Failure;
use crate::files::tools::Gave;

/// Both streams' lines.
fn lines(gave: &Gave) -> impl Iterator<Item = &str> {
    gave.stdout.lines().chain(gave.stderr.lines())
}

/// What dnf 5 says of names that it knows and may not take.
pub fn excluded(gave: &Gave) -> Option<String> {
    let found =
        lines(gave).map(str::trim).find(|line| line.ends_with("matches only excluded packages."));
    found.map(str::to_owned)
}

/// The names that dnf doesn't know, groups with their `@`. `specs` are all that it was asked for.
pub fn missing(gave: &Gave, specs: &[String]) -> Vec<String> {
    let groups = lines(gave).filter_map(|line| {
        let name =
            line.trim().strip_prefix("Module or Group '")?.strip_suffix("' is not available.")?;
        Some(format!("@{name}"))
    });
    let named = lines(gave).filter_map(|line| line.trim().strip_prefix("No match for argument: "));
    let mut missing: Vec<String> = groups.chain(named.map(str::to_owned)).collect();
    if lines(gave).any(|line| line.contains("There are no enabled repositories")) {
        missing.extend(specs.iter().filter(|spec| !spec.starts_with('-')).cloned());
    }
    missing
}

/// A failure with nothing done.
pub fn refused(message: impl Into<String>) -> Failure {
    Failure::new(message.into()).with("rc", 1).with("results", Vec::<String>::new())
}

/// Why dnf 4 failed.
pub fn of_four(gave: &Gave) -> Failure {
    let text = gave.stderr.trim_end();
    let told = text.find("Error: ").map_or(text, |at| text[at..].trim_start_matches("Error: "));
    // Advice for whoever types commands.
    let is_advice =
        |line: &&str| line.starts_with('(') || line.starts_with("Unable to detect release");
    let told = told.lines().filter(|line| !is_advice(line)).collect::<Vec<_>>().join("\n");
    let unsigned = lines(gave).find_map(|line| {
        let package = line.strip_prefix("Package ")?.strip_suffix(" is not signed")?;
        Some((package.trim_end_matches(".rpm").to_owned(), line.to_owned()))
    });
    refused(match unsigned {
        Some((package, line)) => format!("Failed to validate GPG signature for {package}: {line}"),
        None if told.trim_start().starts_with("Problem") => {
            format!("Depsolve Error occurred: {told}")
        }
        None => told,
    })
}

/// What dnf 5 can't solve, below the names that it doesn't know.
pub fn unsolved(missing: &[String], problems: String) -> Failure {
    let mut failures = missing.to_vec();
    failures.push(problems);
    refused("Depsolve Error occurred").with("failures", failures)
}

/// Why dnf 5 failed: each of the problems that it found, or what it said last.
pub fn of_five(gave: &Gave) -> Failure {
    if let Some(problems) = problems(gave) {
        return unsolved(&[], problems);
    }
    let unsigned = lines(gave).find(|line| line.starts_with("OpenPGP check for package"));
    let file = lines(gave).find(|line| line.starts_with("Failed to access RPM"));
    if let Some(line) = unsigned {
        return refused(format!("Failed to validate GPG signatures: {line}"))
            .with("failures", Vec::<String>::new());
    }
    if let Some(line) = file {
        return refused(line).with("failures", Vec::<String>::new());
    }
    // Its progress stands there too.
    let is_progress =
        |line: &&str| line.starts_with("Updating and loading") || line.starts_with("Repositories ");
    refused(gave.stderr.lines().filter(|line| !is_progress(line)).collect::<Vec<_>>().join("\n"))
}

/// What dnf 5 couldn't solve, as it says it.
pub fn problems(gave: &Gave) -> Option<String> {
    let told = lines(gave).skip_while(|line| !line.starts_with("Problem"));
    let is_told = |line: &&str| line.starts_with([' ', 'P']);
    let told = told.take_while(is_told).collect::<Vec<_>>().join("\n");
    (!told.is_empty()).then_some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(stderr: &str) -> Gave {
        Gave { code: 1, stderr: stderr.to_owned(), ..Gave::default() }
    }

    #[test]
    fn problems_of_dnf_5() {
        let gave = said(
            "Updating and loading repositories:\nRepositories loaded.\nFailed to resolve the transaction:\nProblem 1: a\n  - b\nProblem 2: c\n  - d\n  - e\nYou can try to add to command line:\n  --skip-broken to skip",
        );
        let told = "Problem 1: a\n  - b\nProblem 2: c\n  - d\n  - e";
        assert_eq!(problems(&gave).as_deref(), Some(told));
        assert!(problems(&said("Nothing to do.")).is_none());
    }

    #[test]
    fn names_that_are_not_there() {
        let gave = said("Failed to resolve the transaction:\nNo match for argument: nosuch\n");
        assert_eq!(missing(&gave, &[]), ["nosuch"]);
        let gave = said("Module or Group 'x' is not available.\nError: Nothing to do.");
        assert_eq!(missing(&gave, &[]), ["@x"]);
        let gave = said("Error: There are no enabled repositories in \"/etc\".");
        assert_eq!(missing(&gave, &["--best".to_owned(), "leaf".to_owned()]), ["leaf"]);
    }
}
