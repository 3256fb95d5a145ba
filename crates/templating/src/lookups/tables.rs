//! The lookup of cells in CSV and TSV files.

use nafal_base::Value;

use super::files::found_text;
use super::terms::{invalid, option, text_option, words};
use crate::arguments::{fail, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Lookup};

/// The lookup.
pub const LOOKUPS: &[Lookup] =
    &[Lookup { names: &["csvfile"], doc: "cells of a CSV or TSV file", run: csvfile }];

/// Rows and cells: quotes hold separators and newlines, doubled quotes are quotes.
fn rows(text: &str, delimiter: char, quote: char) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let (mut row, mut cell) = (Vec::new(), String::new());
    let (mut inside, mut began) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if inside {
            if c != quote {
                cell.push(c);
            } else if chars.peek() == Some(&quote) {
                chars.next();
                cell.push(quote);
            } else {
                inside = false;
            }
            continue;
        }
        if c == quote && cell.is_empty() {
            (inside, began) = (true, true);
        } else if c == delimiter {
            row.push(std::mem::take(&mut cell));
            began = true;
        } else if c == '\n' || c == '\r' {
            if c == '\r' && chars.peek() == Some(&'\n') {
                chars.next();
            }
            if began || !cell.is_empty() {
                row.push(std::mem::take(&mut cell));
            }
            rows.push(std::mem::take(&mut row));
            began = false;
        } else {
            cell.push(c);
        }
    }
    if began || !cell.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows
}

/// What is asked, as text until it is used.
struct Question {
    file: String,
    delimiter: String,
    column: String,
    key_column: String,
    quote: String,
    default: Option<Value>,
}

fn question(args: Args<'_>, pairs: &[(String, String)]) -> Result<Question, Error> {
    let mut question = Question {
        file: text_option(args, "file", "ansible.csv")?,
        delimiter: text_option(args, "delimiter", "TAB")?,
        column: text_option(args, "col", "1")?,
        key_column: text_option(args, "keycol", "0")?,
        quote: text_option(args, "quotechar", "\"")?,
        default: option(args, "default").filter(|value| !value.is_none()).cloned(),
    };
    for (name, value) in pairs {
        let value = value.clone();
        match name.as_str() {
            "file" => question.file = value,
            "delimiter" => question.delimiter = value,
            "col" => question.column = value,
            "keycol" => question.key_column = value,
            "default" => question.default = Some(value.into()),
            "quotechar" => question.quote = value,
            "encoding" => {}
            other => return fail(format!("{other} is not a valid option")),
        }
    }
    Ok(question)
}

fn csvfile(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    if args.positional.is_empty() {
        return fail("Search key is required but was not found");
    }
    let mut found = Vec::new();
    for term in args.positional {
        let term = text(term)?;
        let split = words(&term);
        if split.free.is_empty() {
            return fail("Search key is required but was not found");
        }
        // Quotes are part of what is looked for.
        let key = &split.literal.join(" ");
        let question = question(args, &split.pairs)?;
        let index = |name: &str, text: &str| {
            text.parse::<usize>().map_err(|_| invalid("csvfile", name, "int", &Value::from(text)))
        };
        let column = index("col", &question.column)?;
        let key_column = index("keycol", &question.key_column)?;
        let Some((_, content)) = found_text(ctx, &["files"], &question.file)? else {
            return fail("expected str, bytes or os.PathLike object, not NoneType");
        };
        let delimiter = match question.delimiter.as_str() {
            "TAB" => '\t',
            other => match (other.chars().next(), other.chars().nth(1)) {
                (Some(only), None) => only,
                _ => return fail("\"delimiter\" must be a 1-character string"),
            },
        };
        let quote = question.quote.chars().next().unwrap_or('"');
        let table = rows(&content, delimiter, quote);
        let row = table.iter().find(|row| row.get(key_column) == Some(key));
        match row.map(|row| row.get(column)) {
            Some(Some(cell)) => found.push(Value::from(cell.as_str())),
            Some(None) => return fail("list index out of range"),
            None => match &question.default {
                Some(Value::List(items)) => found.extend(items.iter().cloned()),
                Some(default) => found.push(default.clone()),
                None => {}
            },
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes() {
        let table = rows("a,\"b \"\"c\"\", d\",e\r\nx,,z", ',', '"');
        assert_eq!(table, [vec!["a", "b \"c\", d", "e"], vec!["x", "", "z"]]);
    }
}
