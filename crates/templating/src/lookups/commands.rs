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
    Lookup { names: &["url"], doc: "what URLs answer (the plain kind only)", run: url },
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

/// Options that change nothing about a plain request.
const PLAIN: &[&str] =
    &["split_lines", "wantlist", "errors", "validate_certs", "use_proxy", "timeout"];

fn url(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    if let Some((name, _)) = args.named.iter().find(|(name, _)| !PLAIN.contains(&name.as_str())) {
        return fail(format!("the option {name} of this lookup is not built yet"));
    }
    let mut found = Vec::new();
    for term in args.positional {
        let address = text(term)?;
        let (status, body) = ctx
            .effects()
            .fetch(&address)
            .map_err(|why| Error::new(format!("Failed lookup url for {address} : {why}")))?;
        if !(200..300).contains(&status) {
            return fail(format!("Received HTTP error for {address} : HTTP Error {status}"));
        }
        let body = String::from_utf8_lossy(&body).into_owned();
        if super::terms::bool_option(args, "split_lines", true) {
            found.extend(python_text::lines(&body).into_iter().map(Value::from));
        } else {
            found.push(body.into());
        }
    }
    Ok(found)
}
