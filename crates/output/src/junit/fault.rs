//! Why a task failed, as the report tells it: a traceback for each step, of which there is none.

/// What a message begins with for each step of stock's chain of exceptions.
const STEPS: &[(&str, &str)] = &[
    ("Task failed: ", "Task failed: "),
    ("Action failed: ", "Action failed: "),
    ("Module failed: ", "Module failed: "),
    ("Finalization of task args for '", "' failed: "),
    ("Error while resolving value for '", "': "),
    ("A '", "' expression failed: "),
    ("Error while evaluating conditional: ", "Error while evaluating conditional: "),
];

const NONE: &str = "(traceback missing)\n";

/// The tracebacks, from the deepest on.
pub(super) fn tracebacks(message: &str) -> String {
    let mut rest = message;
    let mut between = Vec::new();
    while let Some((step, behind)) = STEPS.iter().find_map(|(begin, end)| {
        let behind = rest.strip_prefix(begin)?;
        if begin == end {
            return Some((*begin, behind));
        }
        Some((*begin, behind.split_once(end)?.1))
    }) {
        between.push(match step {
            "Action failed: " => "The above action exception was the direct cause of the following controller exception:",
            "Module failed: " => "The above target exception was the direct cause of the following controller exception:",
            _ => "The above exception was the direct cause of the following exception:",
        });
        rest = behind;
    }
    let mut text = NONE.to_owned();
    for words in between.iter().rev() {
        text.push_str(&format!("\n{words}\n\n{NONE}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceback_a_step() {
        let steps = |message: &str| tracebacks(message).matches(NONE).count();
        assert_eq!(steps("Task failed: 'nope' is undefined"), 2);
        assert_eq!(steps("Task failed: Action failed: a: b"), 3);
        let deep = "Task failed: Finalization of task args for 'debug' failed: Error while resolving value for 'msg': x";
        assert_eq!(steps(deep), 4);
        assert!(tracebacks("Task failed: Module failed: x").contains("above target exception"));
    }
}
