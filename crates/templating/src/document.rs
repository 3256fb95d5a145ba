//! Template files and the text they give.

use std::sync::Arc;

use nafal_base::{Deprecated, Dict, Scope, Source, Span, Text, Value};

use crate::compile::Part;
use crate::context::DocumentOptions;
use crate::document_header::header;
use crate::error::Error;
use crate::eval::{Frame, at_line, finalize};
use crate::frontend;
use crate::scan::Strings;
use crate::session::{Session, wrap};

/// Variables that are seen before all others.
struct Over<'a> {
    variables: &'a Dict,
    below: &'a dyn Scope,
}

impl Scope for Over<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        self.variables.get(name).cloned().or_else(|| self.below.get(name))
    }

    fn kind_of_host(&self) -> Option<u8> {
        self.below.kind_of_host()
    }

    fn deprecated(&self, name: &str) -> Option<Deprecated> {
        if self.variables.contains(name) { None } else { self.below.deprecated(name) }
    }

    fn names(&self, each: &mut dyn FnMut(&Text)) {
        for key in self.variables.keys().filter_map(nafal_base::Key::as_text) {
            each(key);
        }
        self.below.names(&mut |name| {
            if !self.variables.contains(name) {
                each(name);
            }
        });
    }
}

/// A template file's value: None when it puts nothing out.
pub(crate) fn render(
    session: &Session<'_>,
    source: &Arc<Source>,
    options: &DocumentOptions,
    scope: &dyn Scope,
) -> Result<Value, Error> {
    let whole = Span::whole(source);
    let (text, options) = header(&source.text, options).map_err(|error| error.at(whole.clone()))?;
    if text.is_empty() {
        return Ok(Value::from(""));
    }
    let template = frontend::template(text, &options, Strings::Processed).map_err(|error| {
        let place = at_line(&whole, error.line());
        Error::syntax("Syntax error in template.").caused_by(error).at(place)
    })?;
    let template = Arc::new(template);
    let over = Over { variables: &options.variables, below: scope };
    let scope: &dyn Scope = if options.variables.is_empty() { scope } else { &over };
    let frame = Frame::new(session, scope, Some(&whole), &template);
    frame.check_known(Part::Template)?;
    frame.advise();
    let run = || {
        let value = frame.run()?;
        finalize::storable(&value)?;
        finalize::finalize(session, value, scope)
    };
    session
        .within(&options, run)
        .map_err(|error| wrap(error, "Error rendering template.").at(whole.clone()))
}

/// The text with its last newlines, which aren't Jinja's, as the task wants them: values keep
/// theirs, and the template's own have been changed (case `template-newlines`).
pub(crate) fn ended(text: String, newline: &str) -> String {
    if newline == "\n" {
        return text;
    }
    let body = text.trim_end_matches('\n');
    let mut last = text.len() - body.len();
    let mut out = body.to_owned();
    if last > 0 && body.ends_with('\r') {
        out.push('\n');
        last -= 1;
    }
    out.push_str(&newline.repeat(last));
    out
}
