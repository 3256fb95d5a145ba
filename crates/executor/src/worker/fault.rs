//! A task that failed before or around its action: the outcome and the steps that explain it.

use nafal_actions::Failure;
use nafal_base::{Cause, Diagnostic, Outcome, Span, Status, Value};
use nafal_templating::Error;

/// Steps from the outermost to the deepest, below "Task failed".
#[derive(Debug)]
pub(crate) struct Fault(pub Vec<Cause>);

impl Fault {
    /// One step.
    pub(crate) fn new(message: impl Into<String>, span: Option<Span>) -> Fault {
        Fault(vec![Cause { message: message.into(), span, hint: None }])
    }

    /// A template's error with words before it: "A 'when' expression failed: …".
    pub(crate) fn of(prefix: &str, error: &Error, span: Option<&Span>) -> Fault {
        let diagnostic = error.to_diagnostic();
        let message = if prefix.is_empty() {
            diagnostic.message
        } else {
            format!("{prefix}: {}", diagnostic.message)
        };
        let first = Cause {
            message,
            span: diagnostic.span.or_else(|| span.cloned()),
            hint: diagnostic.hint,
        };
        Fault(std::iter::once(first).chain(diagnostic.causes).collect())
    }

    /// What is wrong with where or as whom a task runs.
    pub(crate) fn of_target(error: &nafal_actions::Error) -> Fault {
        match error {
            nafal_actions::Error::Template(error) => Fault::of("", error, None),
            other => Fault::new(other.to_string(), None),
        }
    }

    /// The same below another step.
    pub(crate) fn below(mut self, message: impl Into<String>, span: Option<Span>) -> Fault {
        self.0.insert(0, Cause { message: message.into(), span, hint: None });
        self
    }

    /// The same with a remedy at its deepest step.
    pub(crate) fn hint(mut self, hint: &str) -> Fault {
        if let Some(last) = self.0.last_mut() {
            last.hint = Some(hint.to_owned());
        }
        self
    }

    /// The outcome and what is shown, where stock doesn't say that a task failed.
    pub(crate) fn alone(self) -> (Outcome, Diagnostic) {
        let mut causes = self.0.into_iter();
        let first = causes.next();
        let mut diagnostic = Diagnostic::error("");
        if let Some(first) = first {
            diagnostic = Diagnostic::error(first.message).at(first.span);
            diagnostic.hint = first.hint;
        }
        diagnostic.causes = causes.collect();
        (Outcome::failed(diagnostic.chain()), diagnostic)
    }

    /// The outcome and what is shown before it.
    pub(crate) fn outcome(self, task: Option<&Span>) -> (Outcome, Diagnostic) {
        let diagnostic = explained(task, self.0);
        (Outcome::failed(diagnostic.chain()), diagnostic)
    }
}

/// "Task failed" with its steps; a single step without a place of its own joins the line.
fn explained(task: Option<&Span>, causes: Vec<Cause>) -> Diagnostic {
    let mut diagnostic = Diagnostic::error("Task failed").at(task.cloned());
    diagnostic.causes = causes;
    diagnostic
}

/// What is shown before a failed result: who failed, in stock's words, and where the task stands.
pub(crate) fn diagnose(
    outcome: &mut Outcome,
    failure: Failure,
    task: Option<&Span>,
) -> Option<Diagnostic> {
    // An action plugin in Python that says so itself (case `action-plugin-fails`).
    if outcome.status == Status::Unreachable && failure == Failure::Silent {
        return None;
    }
    if outcome.status == Status::Unreachable {
        let message = outcome.text("msg").unwrap_or_default().to_owned();
        let diagnostic = Diagnostic::error(format!("Task failed: {message}")).at(task.cloned());
        outcome.values.insert("msg", diagnostic.chain().into());
        return Some(diagnostic);
    }
    if outcome.status != Status::Failed {
        return None;
    }
    // A message that is nothing (`msg: no` is false) is none.
    let message = outcome.values.get("msg").filter(|msg| msg.is_true());
    let message = message.map(|msg| msg.to_text().into_owned());
    let steps = steps_of(outcome);
    let raised = !steps.is_empty();
    let by_condition = outcome.values.get("failed_when_result").is_some_and(Value::is_true);
    let diagnostic = match failure {
        Failure::Silent => return None,
        Failure::Raised(causes) => explained(task, causes),
        Failure::Broken(cause) => Diagnostic {
            causes: vec![cause],
            ..Diagnostic::error("Task failed: Action failed").at(task.cloned())
        },
        Failure::Action | Failure::Module if raised => {
            let mut steps = steps.into_iter();
            let first = steps.next().unwrap_or_default();
            let error = Diagnostic::error(format!("Task failed: Module failed: {first}"));
            steps.fold(error.at(task.cloned()), |error, step| error.caused_by(step, None))
        }
        Failure::Action | Failure::Module => {
            let who = if failure == Failure::Module { "Module" } else { "Action" };
            let message = match &message {
                _ if by_condition => "A 'failed_when' expression evaluated to 'True'.".to_owned(),
                Some(message) => message.clone(),
                None => "Unknown error.".to_owned(),
            };
            let text = message.strip_prefix("Task failed: Action failed: ").unwrap_or(&message);
            // What the system said stands behind the module's own words.
            let reason = outcome.text("exception").filter(|text| !text.contains("traceback"));
            let text = match reason {
                Some(reason) => {
                    format!("{}: {reason}", text.trim_end().trim_end_matches('.'))
                }
                None => text.to_owned(),
            };
            Diagnostic::error(format!("Task failed: {who} failed: {text}")).at(task.cloned())
        }
    };
    if raised || message.is_none_or(|message| message.is_empty()) {
        outcome.values.insert("msg", diagnostic.chain().into());
    }
    Some(diagnostic)
}

/// The steps of a failure that a module raised instead of telling.
fn steps_of(outcome: &mut Outcome) -> Vec<String> {
    let text = |step: &Value| step.to_text().into_owned();
    match outcome.take_raised() {
        Some(Value::List(steps)) => steps.iter().map(text).collect(),
        Some(error) => vec![text(&error)],
        None => Vec::new(),
    }
}
