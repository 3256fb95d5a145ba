//! Template files: the `#jinja2:` line, delimiters, and the text they give.

use std::sync::Arc;

use nafal_base::{Deprecated, Dict, Scope, Source, Span, Text, Value};

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
            return Err(broken(format!(
                "Missing key-value separator `:` in '#jinja2:' override pair {}.",
                nafal_base::value::string_repr(pair)
            )));
        };
        set(&mut options, name.trim(), value.trim())?;
    }
    Ok((body, options))
}

fn set(options: &mut DocumentOptions, name: &str, value: &str) -> Result<(), Error> {
    let text = || value.trim_matches(['\'', '"']).to_owned();
    match name {
        "trim_blocks" => options.trim_blocks = flag(name, value)?,
        "lstrip_blocks" => options.lstrip_blocks = flag(name, value)?,
        "block_start_string" => options.block_start = text(),
        "block_end_string" => options.block_end = text(),
        "variable_start_string" => options.variable_start = text(),
        "variable_end_string" => options.variable_end = text(),
        "comment_start_string" => options.comment_start = text(),
        "comment_end_string" => options.comment_end = text(),
        "newline_sequence" => {
            options.newline_sequence = text().replace("\\r", "\r").replace("\\n", "\n");
        }
        "keep_trailing_newline" => {}
        "line_statement_prefix" | "line_comment_prefix" => {
            return Err(broken(format!("'{name}' of '#jinja2:' is not built yet in nafal")));
        }
        _ => return Err(broken(format!("Invalid '#jinja2:' override key '{name}'."))),
    }
    Ok(())
}

fn broken(reason: String) -> Error {
    Error::syntax("Syntax error in template.").caused_by(Error::new(reason))
}

/// Only Python's own words will do.
fn flag(name: &str, value: &str) -> Result<bool, Error> {
    let kind = match value {
        "True" => return Ok(true),
        "False" => return Ok(false),
        text if text.starts_with(['\'', '"']) => "str",
        number if number.parse::<i64>().is_ok() => "int",
        other => {
            return Err(broken(format!("malformed node or string on line 1: {other}")));
        }
    };
    Err(broken(format!(
        "TemplateOverrides.{name} must be <class 'bool'> instead of <class '{kind}'>"
    )))
}
