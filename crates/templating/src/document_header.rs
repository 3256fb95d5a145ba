//! The `#jinja2:` line that a template file may start with: options of the template's language.
//! Must not know what the template says.

use nafal_base::value::string_repr;

use crate::context::DocumentOptions;
use crate::error::Error;
use crate::scan::decoded;

/// The text behind a `#jinja2:` line, and the options that the line sets.
pub(crate) fn header<'t>(
    text: &'t str,
    options: &DocumentOptions,
) -> Result<(&'t str, DocumentOptions), Error> {
    let mut options = options.clone();
    let Some(rest) = text.strip_prefix("#jinja2:") else {
        return Ok((text, options));
    };
    let Some((line, body)) = rest.split_once('\n') else {
        return Err(broken("Missing newline after '#jinja2:' override."));
    };
    for pair in line.split(',') {
        if pair.trim().is_empty() {
            return Err(broken("Empty '#jinja2:' override pair not allowed."));
        }
        let Some((name, value)) = pair.split_once(':') else {
            return Err(broken(format!(
                "Missing key-value separator `:` in '#jinja2:' override pair {}.",
                string_repr(pair)
            )));
        };
        set(&mut options, name.trim(), value.trim())?;
    }
    let starts = [&options.block_start, &options.variable_start, &options.comment_start];
    if starts[0] == starts[1] || starts[1] == starts[2] || starts[2] == starts[0] {
        return Err(broken("Block, variable and comment start strings must be different."));
    }
    Ok((body, options))
}

fn broken(reason: impl Into<String>) -> Error {
    Error::syntax("Syntax error in template.").caused_by(Error::new(reason.into()))
}

fn set(options: &mut DocumentOptions, name: &str, value: &str) -> Result<(), Error> {
    let slot = match name {
        "trim_blocks" => Slot::Flag(&mut options.trim_blocks),
        "lstrip_blocks" => Slot::Flag(&mut options.lstrip_blocks),
        // Newlines at the end of a file are the task's to keep.
        "keep_trailing_newline" => Slot::Flag(&mut false),
        "block_start_string" => Slot::Text(&mut options.block_start),
        "block_end_string" => Slot::Text(&mut options.block_end),
        "variable_start_string" => Slot::Text(&mut options.variable_start),
        "variable_end_string" => Slot::Text(&mut options.variable_end),
        "comment_start_string" => Slot::Text(&mut options.comment_start),
        "comment_end_string" => Slot::Text(&mut options.comment_end),
        "line_statement_prefix" => Slot::Prefix(&mut options.line_statement),
        "line_comment_prefix" => Slot::Prefix(&mut options.line_comment),
        "newline_sequence" => Slot::Newline(&mut options.newline_sequence),
        _ => return Err(broken(format!("Invalid '#jinja2:' override key '{name}'."))),
    };
    let literal = Literal::read(value).map_err(broken)?;
    slot.take(literal)
        .map_err(|wanted| broken(format!("TemplateOverrides.{name} must be {wanted}")))
}

/// Where an option goes.
enum Slot<'o> {
    Flag(&'o mut bool),
    Text(&'o mut String),
    Prefix(&'o mut Option<String>),
    Newline(&'o mut String),
}

impl Slot<'_> {
    /// Takes a value; the error is what it should have been.
    fn take(self, literal: Literal) -> Result<(), String> {
        match (self, literal) {
            (Slot::Flag(slot), Literal::Bool(flag)) => *slot = flag,
            (Slot::Text(slot), Literal::Text(text)) => *slot = text,
            (Slot::Prefix(slot), Literal::Text(text)) => *slot = Some(text),
            (Slot::Prefix(slot), Literal::None) => *slot = None,
            (Slot::Newline(slot), Literal::Text(text))
                if matches!(&*text, "\n" | "\r\n" | "\r") =>
            {
                *slot = text;
            }
            (slot, literal) => return Err(slot.wanted(&literal)),
        }
        Ok(())
    }

    fn wanted(&self, literal: &Literal) -> String {
        let kind = literal.kind();
        match self {
            Slot::Flag(_) => format!("<class 'bool'> instead of <class '{kind}'>"),
            Slot::Text(_) => format!("<class 'str'> instead of <class '{kind}'>"),
            Slot::Prefix(_) => {
                format!("<class 'str'> or <class 'NoneType'> instead of <class '{kind}'>")
            }
            Slot::Newline(_) => {
                format!("one of ('\\n', '\\r\\n', '\\r') instead of {}", literal.shown())
            }
        }
    }
}

/// A value as Python writes it.
enum Literal {
    None,
    Bool(bool),
    Integer(String),
    Text(String),
}

impl Literal {
    fn read(written: &str) -> Result<Literal, String> {
        let quote = written.chars().next().filter(|first| matches!(first, '\'' | '"'));
        if let Some(quote) = quote {
            let inside = written[1..].strip_suffix(quote);
            return inside.map(|inside| Literal::Text(decoded(inside))).ok_or_else(|| {
                "unterminated string literal (detected at line 1) (<unknown>, line 1)".to_owned()
            });
        }
        match written {
            "None" => Ok(Literal::None),
            "True" => Ok(Literal::Bool(true)),
            "False" => Ok(Literal::Bool(false)),
            "" => Err("invalid syntax (<unknown>, line 0)".to_owned()),
            number if number.parse::<i64>().is_ok() => Ok(Literal::Integer(number.to_owned())),
            name if name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                Err(format!("malformed node or string on line 1: {name}"))
            }
            _ => Err("invalid syntax (<unknown>, line 1)".to_owned()),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Literal::None => "NoneType",
            Literal::Bool(_) => "bool",
            Literal::Integer(_) => "int",
            Literal::Text(_) => "str",
        }
    }

    fn shown(&self) -> String {
        match self {
            Literal::None => "None".to_owned(),
            Literal::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
            Literal::Integer(number) => number.clone(),
            Literal::Text(text) => string_repr(text),
        }
    }
}
