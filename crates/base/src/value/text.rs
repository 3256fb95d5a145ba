//! Strings with their tags: where they were written, whether they may be rendered, whether they
//! are secret.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::Marks;
use crate::span::Span;

/// A string. Cheap to clone.
///
/// Only text that is *trusted* (from playbooks, roles, vars and inventory) is ever rendered; what
/// comes from results, facts and lookups is made with [`Text::new`] and never is.
#[derive(Clone)]
pub struct Text(Arc<TextData>);

struct TextData {
    text: Box<str>,
    marks: Marks,
    extra: Option<Box<Extra>>,
}

/// What most strings don't have, kept apart so that they stay small.
struct Extra {
    span: Option<Span>,
    compiled: OnceLock<Arc<dyn Any + Send + Sync>>,
}

/// Whether this text has something in it that Jinja would act on.
fn has_delimiter(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair[0] == b'{' && matches!(pair[1], b'{' | b'%' | b'#'))
}

impl Text {
    /// Text from anywhere: never rendered.
    pub fn new(text: impl Into<Box<str>>) -> Text {
        Text(Arc::new(TextData { text: text.into(), marks: Marks::NONE, extra: None }))
    }

    /// Text from a file of the user's project: rendered when it has Jinja in it.
    pub fn trusted(text: impl Into<Box<str>>, span: Option<Span>) -> Text {
        let text = text.into();
        let marks =
            if has_delimiter(&text) { Marks::TRUSTED | Marks::TEMPLATE } else { Marks::TRUSTED };
        let extra = (span.is_some() || marks.contains(Marks::TEMPLATE))
            .then(|| Box::new(Extra { span, compiled: OnceLock::new() }));
        Text(Arc::new(TextData { text, marks, extra }))
    }

    /// The same text with a place but without trust (`!unsafe`).
    pub fn placed(text: impl Into<Box<str>>, span: Span) -> Text {
        let extra = Some(Box::new(Extra { span: Some(span), compiled: OnceLock::new() }));
        Text(Arc::new(TextData { text: text.into(), marks: Marks::NONE, extra }))
    }

    /// A vault's text (`!vault`): reading it means decrypting it, so it counts as a template.
    pub fn vaulted(text: impl Into<Box<str>>, span: Span) -> Text {
        let extra = Some(Box::new(Extra { span: Some(span), compiled: OnceLock::new() }));
        let marks = Marks::TRUSTED | Marks::TEMPLATE | Marks::VAULT;
        Text(Arc::new(TextData { text: text.into(), marks, extra }))
    }

    /// What a vault's text stands for: secret, and never rendered.
    #[must_use]
    pub fn decrypted(&self, clear: &str) -> Text {
        let marks = Marks::SECRET | Marks::VAULT;
        let span = self.span().cloned();
        let extra = Some(Box::new(Extra { span, compiled: OnceLock::new() }));
        Text(Arc::new(TextData { text: clear.into(), marks, extra }))
    }

    /// Whether it is still encrypted.
    pub fn is_vault(&self) -> bool {
        self.0.marks.contains(Marks::VAULT) && !self.0.marks.contains(Marks::SECRET)
    }

    /// Whether it comes from a vault, opened or not.
    pub fn is_from_vault(&self) -> bool {
        self.0.marks.contains(Marks::VAULT)
    }

    /// Text that is safe in HTML (Jinja's `Markup`): never rendered.
    pub fn markup(text: impl Into<Box<str>>) -> Text {
        Text(Arc::new(TextData { text: text.into(), marks: Marks::MARKUP, extra: None }))
    }

    /// The same text, marked as secret.
    #[must_use]
    pub fn secret(&self) -> Text {
        let extra =
            self.0.extra.as_ref().map(|extra| {
                Box::new(Extra { span: extra.span.clone(), compiled: OnceLock::new() })
            });
        let marks = self.0.marks | Marks::SECRET;
        Text(Arc::new(TextData { text: self.0.text.clone(), marks, extra }))
    }

    /// The same text without trust.
    #[must_use]
    pub fn untrusted(&self) -> Text {
        if !self.is_trusted() {
            return self.clone();
        }
        let extra =
            self.0.extra.as_ref().map(|extra| {
                Box::new(Extra { span: extra.span.clone(), compiled: OnceLock::new() })
            });
        if self.is_vault() {
            return self.clone();
        }
        let marks = self.0.marks.without(Marks::TRUSTED | Marks::TEMPLATE);
        Text(Arc::new(TextData { text: self.0.text.clone(), marks, extra }))
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// What is known about it.
    pub fn marks(&self) -> Marks {
        self.0.marks
    }

    /// Whether rendering it would do something.
    pub fn is_template(&self) -> bool {
        self.0.marks.contains(Marks::TEMPLATE)
    }

    /// Whether it comes from a file of the user's project (a condition's text must).
    pub fn is_trusted(&self) -> bool {
        self.0.marks.contains(Marks::TRUSTED)
    }

    /// Where it was written.
    pub fn span(&self) -> Option<&Span> {
        self.0.extra.as_ref()?.span.as_ref()
    }

    /// The place where the templating crate keeps what it compiled this text to; None for text
    /// that has neither Jinja nor a place.
    pub fn compiled(&self) -> Option<&OnceLock<Arc<dyn Any + Send + Sync>>> {
        self.0.extra.as_ref().map(|extra| &extra.compiled)
    }

    /// Whether both are the same allocation.
    pub fn same(&self, other: &Text) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.text
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.same(other) || self.0.text == other.0.text
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        &*self.0.text == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        &*self.0.text == *other
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::new(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text::new(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.text)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.marks.contains(Marks::SECRET) {
            return f.write_str("<secret>");
        }
        fmt::Debug::fmt(&self.0.text, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_text_is_a_template() {
        assert!(Text::trusted("a {{ b }}", None).is_template());
        assert!(Text::trusted("{% if x %}", None).is_template());
        assert!(!Text::trusted("{ {", None).is_template());
        assert!(!Text::new("{{ b }}").is_template());
        assert!(!Text::trusted("{{ b }}", None).untrusted().is_template());
        assert_eq!(format!("{:?}", Text::new("pw").secret()), "<secret>");
    }
}
