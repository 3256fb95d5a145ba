//! Diagnostics as text: the message, where it is from, the lines of source with a caret, the
//! remedy, and each cause below it.

use std::fmt::Write;

use nafal_base::{Diagnostic, Span};

/// How many lines of source are shown above the one that is meant.
const LINES_ABOVE: u32 = 2;

/// How many characters of a line are shown.
const WIDEST: usize = 120;

/// One step with the steps that share its place.
struct Step<'a> {
    message: String,
    span: Option<&'a Span>,
    hint: Option<&'a str>,
    /// Whether it explains another one.
    is_deeper: bool,
}

/// All messages in one line, as a result's `msg` has them.
pub fn headline(diagnostic: &Diagnostic) -> String {
    diagnostic.chain()
}

/// The whole diagnostic without its label. Ends with a newline when there is a source to show.
pub fn explain(diagnostic: &Diagnostic) -> String {
    if !diagnostic.parts.is_empty() {
        return explain_parts(diagnostic);
    }
    let steps = steps(diagnostic);
    let head = headline(diagnostic);
    if let [only] = &steps[..] {
        let mut out = head;
        describe(&mut out, only);
        return out;
    }
    let mut out = head;
    out.push('\n');
    for (index, step) in steps.iter().enumerate() {
        out.push('\n');
        if index > 0 {
            out.push_str("<<< caused by >>>\n\n");
        }
        out.push_str(&step.message);
        // What a module said ends as it does (case `module-raised-context`).
        let is_said = step.message.contains("Module failed: ");
        if index + 1 < steps.len() && !is_said && !step.message.ends_with(['.', '!', '?', '/']) {
            out.push('.');
        }
        describe(&mut out, step);
        if step.span.is_none() && index + 1 < steps.len() {
            out.push('\n');
        }
    }
    // Several steps are a text of their own, with a blank line after it.
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Several faults that are one, each in a frame; the error that was there before them comes last.
fn explain_parts(diagnostic: &Diagnostic) -> String {
    let mut out = headline(diagnostic);
    out.push_str("\n\n");
    if !diagnostic.causes.is_empty() {
        let _ = write!(out, "{}\n\n", diagnostic.message);
    }
    let count = diagnostic.parts.len();
    for (index, part) in diagnostic.parts.iter().enumerate() {
        let _ = write!(out, "+--[ Sub-Event {} of {count} ]---\n| \n", index + 1);
        for line in explain(part).trim_end_matches('\n').split('\n').chain([""]) {
            let _ = writeln!(out, "| {line}");
        }
    }
    out.push_str("+--[ End Sub-Event ]---\n");
    if let [first, rest @ ..] = &diagnostic.causes[..] {
        let mut before = Diagnostic::error(first.message.clone()).at(first.span.clone());
        before.causes = rest.to_vec();
        out.push_str("\nThe original task error before register failed was:\n\n");
        out.push_str(&explain(&before));
    }
    out
}

/// Message, then its place and its remedy.
fn describe(out: &mut String, step: &Step<'_>) {
    if let Some(span) = step.span {
        let _ = write!(out, "\nOrigin: {span}\n");
        source(out, span);
    }
    if let Some(hint) = step.hint.filter(|hint| !hint.is_empty()) {
        // Without a place the remedy of a deeper step goes on in its line, if it is one.
        if step.span.is_none()
            && step.is_deeper
            && !hint.contains('\n')
            && !step.message.contains('\n')
        {
            let _ = write!(out, " {hint}");
            return;
        }
        if step.span.is_none() {
            out.push('\n');
        }
        let _ = write!(out, "\n{hint}\n");
    }
}

/// Steps from the outermost on; those without a place of their own, or with the same as the one
/// before, are one.
fn steps(diagnostic: &Diagnostic) -> Vec<Step<'_>> {
    let mut steps = vec![Step {
        message: diagnostic.message.clone(),
        span: diagnostic.span.as_ref(),
        hint: diagnostic.hint.as_deref(),
        is_deeper: false,
    }];
    for cause in &diagnostic.causes {
        // What a value can't be converted to, and what has a remedy, stands on its own.
        let unfit = cause.message.starts_with("The value ")
            && cause.message.contains(" could not be converted to ");
        let alone = cause.hint.is_some() || unfit || cause.message.starts_with("The value '");
        let same = steps.last().is_some_and(|last| {
            last.hint.is_none()
                && !alone
                // A sentence that can't end there is never joined (case `lookup-errors`).
                && !last.message.ends_with('/')
                && (cause.span.is_none() || cause.span.as_ref() == last.span)
        });
        match steps.last_mut() {
            Some(last) if same => {
                let own = last.message.trim_end_matches('.').to_owned();
                last.message = format!("{own}: {}", cause.message);
                last.hint = cause.hint.as_deref();
            }
            _ => steps.push(Step {
                message: cause.message.clone(),
                span: cause.span.as_ref(),
                hint: cause.hint.as_deref(),
                is_deeper: true,
            }),
        }
    }
    steps
}

/// As many words as there is room for.
fn shortened(text: &str) -> String {
    const MORE: &str = " [...]";
    let words: Vec<&str> = text.split_whitespace().collect();
    let whole = words.join(" ");
    if whole.chars().count() <= WIDEST {
        return text.to_owned();
    }
    let room = WIDEST - MORE.len();
    let mut length = 0;
    let fit = words.iter().enumerate().take_while(|(index, word)| {
        length += word.chars().count() + usize::from(*index > 0);
        length <= room
    });
    words[..fit.count()].join(" ") + MORE
}

/// The line that is meant with those above it, and a caret below its column.
fn source(out: &mut String, span: &Span) {
    // What was made of a command line is shown as a whole.
    if span.line == 0 && span.source.name.starts_with('<') && !span.source.text.is_empty() {
        let _ = write!(out, "\n{}\n", shortened(&span.source.text));
        return;
    }
    let Some(line) = span.source.line(span.line) else { return };
    let width = span.line.to_string().len();
    out.push('\n');
    for number in span.line.saturating_sub(LINES_ABOVE).max(1)..span.line {
        let text = span.source.line(number).unwrap_or_default();
        push_line(out, number, width, text);
    }
    push_line(out, span.line, width, line);
    let indent = " ".repeat(width + 1);
    if span.column as usize + width > WIDEST {
        // What the caret would point at isn't shown.
    } else if span.column > 0 {
        let spaces = " ".repeat(span.column as usize - 1);
        let _ = writeln!(out, "{indent}{spaces}^ column {}", span.column);
    } else {
        let _ = writeln!(out, "{indent}{}", "^".repeat(line.chars().count()));
    }
}

fn push_line(out: &mut String, number: u32, width: usize, text: &str) {
    let line = format!("{number:>width$} {text}");
    if line.chars().count() > WIDEST {
        let kept: String = line.chars().take(WIDEST - 3).collect();
        let _ = writeln!(out, "{kept}...");
    } else {
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nafal_base::Source;

    fn check(diagnostic: &Diagnostic, expected: &str) {
        assert_eq!(explain(diagnostic), expected);
    }

    #[test]
    fn one_step() {
        let source = Source::new("a.yml", "- hosts: x\n  tasks:\n    - fail:\n");
        let diagnostic =
            Diagnostic::error("Task failed: Action failed: no").at(Span::new(&source, 3, 7));
        check(
            &diagnostic,
            "Task failed: Action failed: no\nOrigin: a.yml:3:7\n\n1 - hosts: x\n2   tasks:\n3     - fail:\n        ^ column 7\n",
        );
        check(&Diagnostic::error("no place"), "no place");
    }

    #[test]
    fn causes() {
        let source = Source::new("a.yml", "a\nb\n");
        let diagnostic = Diagnostic::error("Task failed")
            .at(Span::new(&source, 1, 1))
            .caused_by("same place", Some(Span::new(&source, 1, 1)))
            .caused_by("deeper: 'x' is undefined", Some(Span::new(&source, 2, 1)));
        check(
            &diagnostic,
            "Task failed: same place: deeper: 'x' is undefined\n\nTask failed: same place.\nOrigin: a.yml:1:1\n\n1 a\n  ^ column 1\n\n<<< caused by >>>\n\ndeeper: 'x' is undefined\nOrigin: a.yml:2:1\n\n1 a\n2 b\n  ^ column 1\n",
        );
    }
}
