//! Methods of `str` that fill up, expand and cut into lines.

use nafal_base::{List, Value};

use super::{at, count, int, named};
use crate::error::Error;
use crate::plugin::Args;
use crate::python_text;

/// Whether lines keep their ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    Kept,
    Dropped,
}

pub(super) fn pad(text: &str, name: &str, args: Args<'_>) -> Result<Value, Error> {
    if name == "expandtabs" {
        let size = named(args, 0, "tabsize").map_or(Ok(8), int)?;
        return Ok(Value::text(expand_tabs(text, usize::try_from(size).unwrap_or(0))));
    }
    count("str", name, args, 1..=2)?;
    let width = usize::try_from(int(at(args, 0).unwrap_or(&Value::None))?).unwrap_or(0);
    let missing = width.saturating_sub(text.chars().count());
    if name == "zfill" {
        let sign = usize::from(text.starts_with(['+', '-']));
        return Ok(Value::text(format!(
            "{}{}{}",
            &text[..sign],
            "0".repeat(missing),
            &text[sign..]
        )));
    }
    let fill = match at(args, 1) {
        None => " ".to_owned(),
        Some(Value::Str(fill)) if fill.chars().count() == 1 => fill.to_string(),
        Some(_) => {
            return Err(Error::new("The fill character must be exactly one character long"));
        }
    };
    let left = match name {
        "ljust" => 0,
        "rjust" => missing,
        _ => missing / 2 + (missing & width & 1),
    };
    Ok(Value::text(format!("{}{text}{}", fill.repeat(left), fill.repeat(missing - left))))
}

fn expand_tabs(text: &str, size: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' if size > 0 => {
                let blanks = size - column % size;
                out.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
            }
            '\t' => {}
            '\n' | '\r' => {
                out.push(c);
                column = 0;
            }
            c => {
                out.push(c);
                column += 1;
            }
        }
    }
    out
}

pub(super) fn split_lines(text: &str, ends: Ends) -> List {
    let lines = match ends {
        Ends::Kept => python_text::whole_lines(text),
        Ends::Dropped => python_text::lines(text),
    };
    lines.into_iter().map(Value::from).collect()
}
