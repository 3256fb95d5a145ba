//! Lookups of variables, the environment and hosts.

use std::sync::Arc;

use nafal_base::{Source, Span, Text, Undefined, UndefinedReason, Value};

use super::terms::option;
use crate::advice;
use crate::arguments::{class_repr, fail, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Lookup};
use crate::python_regex::{Flags, Regex};

/// The lookups.
pub const LOOKUPS: &[Lookup] = &[
    Lookup { names: &["env"], doc: "environment variables of the controller", run: env },
    Lookup { names: &["vars"], doc: "variables by their names", run: vars },
    Lookup { names: &["varnames"], doc: "names of variables that match patterns", run: varnames },
    Lookup {
        names: &["inventory_hostnames"],
        doc: "hosts that match a pattern",
        run: inventory_hostnames,
    },
];

/// What `undef()` says without a hint.
const UNHINTED: &str = "Mandatory variable has not been overridden";

fn env(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let mut found = Vec::with_capacity(args.positional.len());
    for term in args.positional {
        // The name ends at its first blank.
        let term = text(term)?;
        let name = term.split_whitespace().next().unwrap_or("");
        found.push(match (ctx.effects().env(name), option(args, "default")) {
            (Some(value), _) => {
                let origin = Source::new(format!("<environment variable '{name}'>"), "");
                Value::Str(Text::placed(value, Span::whole(&origin)))
            }
            // What is undefined for a reason of its own says that (case `lookup-options`).
            (None, Some(Value::Undef(given))) if given.message() != UNHINTED => {
                return Err(Error::undefined(given));
            }
            (None, Some(Value::Undef(_))) => {
                let undefined = Undefined {
                    reason: UndefinedReason::Message(format!(
                        "The environment variable '{name}' is not set."
                    )),
                    span: ctx.span().cloned(),
                };
                return Err(Error::undefined(&Arc::new(undefined)));
            }
            (None, Some(default)) => default.clone(),
            (None, None) => Value::from(""),
        });
    }
    Ok(found)
}

fn vars(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let mut found = Vec::with_capacity(args.positional.len());
    for term in args.positional {
        let Value::Str(name) = term else {
            return fail(format!("Variable name must be 'str' not '{}'.", term.type_name()));
        };
        if let Some(deprecated) = ctx.scope().deprecated(name) {
            advice::tell(ctx.session, deprecated, ctx.span());
        }
        found.push(match (ctx.variable(name)?, option(args, "default")) {
            (Some(value), _) if !value.is_undefined() => value,
            (_, Some(default)) => default.clone(),
            (Some(undefined), None) => undefined,
            (None, None) => {
                let undefined = Undefined {
                    reason: UndefinedReason::Message(format!(
                        "No variable named '{name}' was found."
                    )),
                    span: ctx.span().cloned(),
                };
                return Err(Error::undefined(&Arc::new(undefined)));
            }
        });
    }
    Ok(found)
}

fn varnames(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let mut names = Vec::new();
    ctx.scope().names(&mut |name| names.push(name.clone()));
    names.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    names.dedup();
    let mut found = Vec::new();
    for term in args.positional {
        let Value::Str(pattern) = term else {
            return fail(format!(
                "Invalid setting identifier, \"{}\" is not a string, it is a {}",
                term.to_text(),
                class_repr(term)
            ));
        };
        for name in &names {
            let regex = Regex::new(pattern, Flags::default(), name).map_err(|why| {
                Error::new(format!("Unable to use \"{pattern}\" as a search parameter: {why}"))
                    .hint("")
            })?;
            if regex.search(name).map_err(Error::new)?.is_some() {
                found.push(Value::from(name.as_str()));
            }
        }
    }
    Ok(found)
}

fn inventory_hostnames(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let patterns: Vec<String> = super::terms::opened(args.positional)
        .iter()
        .map(|term| text(term).map(|text| text.into_owned()))
        .collect::<Result<_, _>>()?;
    let hosts = ctx.effects().hosts(&patterns.join(",")).map_err(Error::new)?;
    Ok(hosts.into_iter().map(Value::from).collect())
}
