//! String constants with templates in them, which stock renders in conditions and in what lookups
//! are asked. Must not know where they are found.

use nafal_base::{Diagnostic, Text, Value};

use super::Frame;
use crate::ast::Embedded;
use crate::error::Error;

const WARNING: &str = "Jinja constant strings should not contain embedded templates. This feature will be disabled by default in ansible-core 2.23.";

impl Embedded {
    fn advice(self) -> &'static str {
        match self {
            Embedded::Condition => {
                r#"Use inline expressions, for example: `when: "{{ a_var }}" == 42` becomes `when: a_var == 42`"#
            }
            Embedded::Lookup => {
                r#"Use inline expressions, for example: `msg: "{{ lookup('env', '{{ a_var }}') }}"` becomes `msg: "{{ lookup('env', a_var) }}"`"#
            }
        }
    }
}

impl Frame<'_> {
    /// The constant rendered, with stock's warning, unless the settings forbid it (case
    /// `embedded-templates`).
    pub(super) fn nested(&self, text: &Text, embedded: Embedded) -> Result<Value, Error> {
        let effects = self.session.effects;
        if effects.setting("ALLOW_EMBEDDED_TEMPLATES").is_some_and(|allowed| !allowed.is_true()) {
            return Ok(Value::Str(text.untrusted()));
        }
        let told = Diagnostic::warning(WARNING).at(self.span.cloned());
        effects.tell(told.hint(embedded.advice()));
        self.session.resolve(Value::Str(text.clone()), self.scope)
    }
}
