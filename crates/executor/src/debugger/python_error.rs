//! Errors as the debugger shows them: by the names that Python has for them, which is what people
//! who use it know.

use nafal_base::value::string_repr;
use nafal_base::{Value, value};
use nafal_templating::{Error, ErrorKind};

/// An error with Python's name for it.
#[derive(Debug, PartialEq)]
pub(super) struct PythonError {
    class: &'static str,
    /// What it was made with, as `repr` writes it.
    argument: String,
}

impl PythonError {
    pub(super) fn new(class: &'static str, message: &str) -> PythonError {
        PythonError { class, argument: string_repr(message).to_string() }
    }

    pub(super) fn name(name: &str) -> PythonError {
        PythonError::new("NameError", &format!("name '{name}' is not defined"))
    }

    pub(super) fn attribute(class: &str, name: &str) -> PythonError {
        let message = format!("'{class}' object has no attribute '{name}'");
        PythonError::new("AttributeError", &message)
    }

    pub(super) fn key(key: &Value) -> PythonError {
        PythonError { class: "KeyError", argument: key.repr() }
    }

    pub(super) fn type_of(message: &str) -> PythonError {
        PythonError::new("TypeError", message)
    }

    /// What a template's error is in Python.
    pub(super) fn of(error: &Error) -> PythonError {
        match error.kind() {
            ErrorKind::Syntax(_) => PythonError::new("SyntaxError", "invalid syntax"),
            ErrorKind::Undefined(undefined) => match &undefined.reason {
                value::UndefinedReason::Name(name) => PythonError::name(name),
                _ => PythonError::new("UndefinedError", &error.message()),
            },
            _ => PythonError::new("AnsibleTemplateError", &error.message()),
        }
    }

    /// The line that is shown.
    pub(super) fn line(&self) -> String {
        format!("***{0}:{0}({1})", self.class, self.argument)
    }
}
