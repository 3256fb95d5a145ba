//! Renders that don't fail: what can't be told stands in the text as a mark, and the errors are
//! told beside it (names of tasks, `debug: var`). Must not know the syntax tree.

use std::cell::RefCell;

use nafal_base::{Diagnostic, Span, Value};

/// How much may go wrong without failing the render.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tolerance {
    /// What is undefined.
    Undefined,
    /// Everything: a template that fails is cut off there.
    Everything,
}

/// The marks that were made so far.
#[derive(Debug)]
pub(crate) struct Marking {
    pub tolerance: Tolerance,
    made: RefCell<Vec<Group>>,
}

/// The errors of one template.
#[derive(Debug)]
struct Group {
    span: Option<Span>,
    messages: Vec<String>,
}

impl Marking {
    /// None yet.
    pub fn new(tolerance: Tolerance) -> Marking {
        Marking { tolerance, made: RefCell::default() }
    }

    /// Whether this may stand in the text as a mark.
    pub fn tolerates(&self, undefined: &nafal_base::Undefined) -> bool {
        self.tolerance == Tolerance::Everything || crate::error::failed(undefined).is_none()
    }

    /// Notes an error of the template at this place; gives what stands for it.
    pub fn mark(&self, message: &str, span: Option<&Span>) -> String {
        let mut made = self.made.borrow_mut();
        let number = made.iter().map(|group| group.messages.len()).sum::<usize>() + 1;
        let message = format!("error {number} - {message}");
        let mark = format!("<< {message} >>");
        match made.iter_mut().find(|group| group.span.as_ref() == span) {
            Some(group) => group.messages.push(message),
            None => made.push(Group { span: span.cloned(), messages: vec![message] }),
        }
        mark
    }

    /// The same as a value.
    pub fn value(&self, message: &str, span: Option<&Span>) -> Value {
        Value::from(self.mark(message, span))
    }

    /// What is to be told.
    pub fn warnings(self) -> Vec<Diagnostic> {
        let groups = self.made.into_inner();
        groups
            .into_iter()
            .map(|group| {
                let count = group.messages.len();
                let errors = if count == 1 { "error" } else { "errors" };
                let messages = group.messages.join("\n");
                Diagnostic::warning(format!("Encountered {count} template {errors}.\n{messages}"))
                    .at(group.span)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_through_and_told_by_template() {
        let marking = Marking::new(Tolerance::Undefined);
        assert_eq!(marking.mark("a", None), "<< error 1 - a >>");
        assert_eq!(marking.mark("b", None), "<< error 2 - b >>");
        let warnings = marking.warnings();
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].message, "Encountered 2 template errors.\nerror 1 - a\nerror 2 - b");
    }
}
