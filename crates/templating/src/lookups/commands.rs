//! Lookups that ask other programs.

use nafal_base::Value;

use crate::arguments::{fail, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Lookup};
use crate::python_text;

/// The lookups.
pub const LOOKUPS: &[Lookup] = &[
    Lookup { names: &["pipe"], doc: "what commands print", run: pipe },
    Lookup { names: &["lines"], doc: "the lines that commands print", run: lines },
];

fn run(ctx: &Context<'_>, term: &Value, name: &str) -> Result<String, Error> {
    let command = text(term)?;
    let (code, output) = ctx
        .effects()
        .pipe(&command)
        .map_err(|why| Error::new(format!("lookup_plugin.{name}({command}) failed: {why}")))?;
    if code != 0 {
        return fail(format!("lookup_plugin.{name}({command}) returned {code}"));
    }
    Ok(String::from_utf8_lossy(&output).into_owned())
}

fn pipe(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let output = |term| run(ctx, term, "pipe").map(|text| text.trim_end().into());
    args.positional.iter().map(output).collect()
}

fn lines(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let mut found = Vec::new();
    for term in args.positional {
        let output = run(ctx, term, "lines")?;
        found.extend(python_text::lines(&output).into_iter().map(Value::from));
    }
    Ok(found)
}
