//! Owns the comparison of what was recorded with what came now, and how a difference is shown.
//! It must not know where the texts come from.

use similar::TextDiff;

use crate::case::{Compare, Stderr};

/// Longer differences than this tell nothing new and hide the next case's.
const MOST_LINES: usize = 120;

/// A readable difference, or nothing when there is none.
pub fn stdout(how: Compare, expected: &str, now: &str) -> Option<String> {
    match how {
        Compare::Code => None,
        Compare::Text => difference(expected, now),
        Compare::Sorted => difference(&sorted(expected), &sorted(now)),
    }
}

pub fn stderr(how: Stderr, expected: &str, now: &str) -> Option<String> {
    // However little is compared: nobody is ever to see one.
    if now.contains("panicked at ") {
        return Some(now.to_owned());
    }
    match how {
        Stderr::Ignore => None,
        Stderr::Compare => difference(expected, now),
        Stderr::Faults => missing_faults(expected, now),
    }
}

pub fn difference(expected: &str, now: &str) -> Option<String> {
    if expected == now {
        return None;
    }
    let diff = TextDiff::from_lines(expected, now);
    let text = diff.unified_diff().context_radius(3).header("ansible-core", "nafal").to_string();
    let lines: Vec<&str> = text.lines().collect();
    let mut shown = lines[..lines.len().min(MOST_LINES)].join("\n");
    if lines.len() > MOST_LINES {
        shown.push_str(&format!("\n… and {} lines more", lines.len() - MOST_LINES));
    }
    Some(shown)
}

fn sorted(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n")
}

/// Stock stops at the first fault, nafal tells all that it finds and gives hints: so the recorded
/// faults have to be there in their order, and more may be.
fn missing_faults(expected: &str, now: &str) -> Option<String> {
    let mut lines = now.lines();
    let missing = faults(expected).find(|fault| !lines.any(|line| line == *fault))?;
    Some(format!("stderr lacks, or has out of order:\n    {missing}\nit is:\n{now}"))
}

fn faults(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| {
        line.starts_with("[ERROR]: ")
            || line.starts_with("[WARNING]: ")
            || (line.starts_with("Origin: ") && *line != "Origin: <unknown>")
    })
}

/// A comparison that finds nothing would turn every case green.
pub fn self_check() -> Result<(), String> {
    let expected = "[WARNING]: a\n[ERROR]: b\nOrigin: f:1:2\nsource\n";
    let richer = "[WARNING]: a\n[ERROR]: b\nOrigin: f:1:2\nhint\n[ERROR]: c\n";
    let checks = [
        ("text", stdout(Compare::Text, "a\nb\n", "b\na\n").is_some()),
        ("same text", stdout(Compare::Text, "a\n", "a\n").is_none()),
        ("final newline", stdout(Compare::Text, "a\n", "a").is_some()),
        ("sorted", stdout(Compare::Sorted, "a\nb\n", "b\na\n").is_none()),
        ("sorted, other lines", stdout(Compare::Sorted, "a\nb\n", "b\nc\n").is_some()),
        ("faults", stderr(Stderr::Faults, expected, richer).is_none()),
        ("faults in another order", stderr(Stderr::Faults, richer, expected).is_some()),
        ("another place", stderr(Stderr::Faults, "Origin: f:1:3\n", richer).is_some()),
        ("panic", stderr(Stderr::Ignore, "", "thread 'main' panicked at f.rs").is_some()),
        ("stderr", stderr(Stderr::Compare, expected, richer).is_some()),
    ];
    match checks.iter().find(|(_, right)| !right) {
        Some((what, _)) => Err(format!("the comparison is wrong about: {what}")),
        None => Ok(()),
    }
}
