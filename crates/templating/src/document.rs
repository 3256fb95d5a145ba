//! Template files: the `#jinja2:` line, delimiters, and the text they give.

use std::sync::Arc;

use nafal_base::{Dict, Scope, Source, Span, Text, Value};

use crate::compile::Part;
use crate::context::DocumentOptions;
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
    let run = || {
        let value = frame.run()?;
        finalize::storable(&value)?;
        finalize::finalize(session, value, scope)
    };
    session
        .within(&options, run)
        .map_err(|error| wrap(error, "Error rendering template.").at(whole.clone()))
}

/// The text behind a `#jinja2:` line, and the options that the line sets.
fn header<'t>(
    text: &'t str,
    options: &DocumentOptions,
) -> Result<(&'t str, DocumentOptions), Error> {
    let mut options = options.clone();
    let Some(rest) = text.strip_prefix("#jinja2:") else {
        return Ok((text, options));
    };
    let (line, body) = rest.split_once('\n').unwrap_or((rest, ""));
    for pair in line.split(',') {
        let Some((name, value)) = pair.split_once(':') else {
            return Err(Error::new(format!(
                "Malformed Jinja override '{}'; expected 'name: value'.",
                pair.trim()
            )));
        };
        set(&mut options, name.trim(), value.trim())?;
    }
    Ok((body, options))
}

fn set(options: &mut DocumentOptions, name: &str, value: &str) -> Result<(), Error> {
    let text = || value.trim_matches(['\'', '"']).to_owned();
    let flag = || matches!(value, "True" | "true" | "yes");
    match name {
        "trim_blocks" => options.trim_blocks = flag(),
        "lstrip_blocks" => options.lstrip_blocks = flag(),
        "block_start_string" => options.block_start = text(),
        "block_end_string" => options.block_end = text(),
        "variable_start_string" => options.variable_start = text(),
        "variable_end_string" => options.variable_end = text(),
        "comment_start_string" => options.comment_start = text(),
        "comment_end_string" => options.comment_end = text(),
        "newline_sequence" => {
            options.newline_sequence = text().replace("\\r", "\r").replace("\\n", "\n");
        }
        "keep_trailing_newline" | "line_statement_prefix" | "line_comment_prefix" => {}
        _ => {
            let reason = Error::new(format!("Invalid '#jinja2:' override key '{name}'."));
            return Err(Error::syntax("Syntax error in template.").caused_by(reason));
        }
    }
    Ok(())
}
