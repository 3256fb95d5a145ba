//! A finding and the rule that it is of. Must not know how any of them is found.

use nafal_base::{Diagnostic, Severity, Span};

/// What can be found. The names are for scripts: they don't change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// A task notifies what no handler is named and none listens to.
    UnknownHandler,
    /// A module has no argument of this name.
    UnknownArgument,
    /// A constant that the argument can't be.
    WrongArgument,
    /// A module's argument that must be given isn't.
    MissingArgument,
    /// A task registers what nobody reads.
    UnreadRegister,
    /// A variable is read before any task registers or sets it.
    ReadBeforeWrite,
    /// A variable that nothing defines.
    UndefinedVariable,
}

impl Rule {
    /// All of them.
    pub const ALL: &[Rule] = &[
        Rule::UnknownHandler,
        Rule::UnknownArgument,
        Rule::WrongArgument,
        Rule::MissingArgument,
        Rule::UnreadRegister,
        Rule::ReadBeforeWrite,
        Rule::UndefinedVariable,
    ];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Rule::UnknownHandler => "unknown-handler",
            Rule::UnknownArgument => "unknown-argument",
            Rule::WrongArgument => "wrong-argument",
            Rule::MissingArgument => "missing-argument",
            Rule::UnreadRegister => "unread-register",
            Rule::ReadBeforeWrite => "read-before-write",
            Rule::UndefinedVariable => "undefined-variable",
        }
    }

    /// The rule of this name.
    pub fn named(name: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.name() == name)
    }

    /// Whether a run would fail by it.
    pub const fn severity(self) -> Severity {
        match self {
            Rule::UnknownHandler
            | Rule::UnknownArgument
            | Rule::WrongArgument
            | Rule::MissingArgument
            | Rule::ReadBeforeWrite
            | Rule::UndefinedVariable => Severity::Error,
            Rule::UnreadRegister => Severity::Warning,
        }
    }
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// By which rule.
    pub rule: Rule,
    /// What is wrong, where, and what to do about it.
    pub diagnostic: Diagnostic,
}

impl Finding {
    /// A finding at a place.
    pub fn new(rule: Rule, message: impl Into<String>, span: Option<Span>) -> Finding {
        Finding { rule, diagnostic: Diagnostic::new(rule.severity(), message).at(span) }
    }

    /// The same with a remedy, if there is one.
    #[must_use]
    pub fn hint(mut self, hint: Option<String>) -> Finding {
        self.diagnostic.hint = hint;
        self
    }
}

/// "Did you mean", for the word that is nearest.
pub fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nafal_parser::closest(wrong, known).map(|near| format!("did you mean '{near}'?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_their_own() {
        for rule in Rule::ALL {
            assert_eq!(Rule::named(rule.name()), Some(*rule));
        }
        assert_eq!(Rule::named("nosuch"), None);
    }
}
