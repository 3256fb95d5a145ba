//! `lookup`, `query` and `q`: lookups by name, and what becomes of their lists.

use nafal_base::{Diagnostic, Text, Value};

use crate::arguments::{class_repr, fail, flag, settled};
use crate::context::Context;
use crate::error::{Error, ErrorKind};
use crate::eval::{UNLOADED, unloaded};
use crate::plugin::{Args, Function};

/// The functions.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "lookup",
        doc: "what a lookup finds: one value, text joined, or a list",
        run: lookup,
    },
    Function { name: "query", doc: "what a lookup finds, as a list", run: query },
    Function { name: "q", doc: "the same as query", run: query },
];

/// What is done with what is found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Joined,
    List,
}

fn lookup(ctx: &Context<'_>, args: Args<'_>) -> Result<Value, Error> {
    let wanted = args.named.iter().find(|(name, _)| name == "wantlist").map(|(_, value)| value);
    run(ctx, args, if flag(wanted, false) { Shape::List } else { Shape::Joined })
}

fn query(ctx: &Context<'_>, args: Args<'_>) -> Result<Value, Error> {
    run(ctx, args, Shape::List)
}

/// The first undefined thing among the arguments: the call isn't made then, it is its result.
fn undefined(args: Args<'_>) -> Option<Value> {
    // `default=` may be undefined: that of `env` then names the variable that isn't set.
    let named = args.named.iter().filter(|(name, _)| name != "default");
    let values = args.positional.iter().chain(named.map(|(_, value)| value));
    values.map(settled).find_map(|settled| match settled {
        Err(error) => error.undefined_marker().cloned().map(Value::Undef),
        Ok(()) => None,
    })
}

fn run(ctx: &Context<'_>, args: Args<'_>, shape: Shape) -> Result<Value, Error> {
    let Some((name, terms)) = args.positional.split_first() else {
        return fail("_lookup() missing 1 required positional argument: 'plugin_name'");
    };
    let Value::Str(name) = name else {
        if name.is_undefined() {
            return Ok(name.clone());
        }
        return Err(unloaded(name, &format!("unsupported type {}", class_repr(name))));
    };
    // One that the user brings is asked itself, after it was found and loaded.
    let is_native = crate::registry::lookup(name).is_some();
    if let Some(undefined) = undefined(args).filter(|_| is_native) {
        return Ok(undefined);
    }
    let known = is_native || ctx.effects().has_plugin(crate::effects::PluginKind::Lookup, name);
    let options: Vec<(Text, Value)> = args
        .named
        .iter()
        .filter(|(name, _)| name != "wantlist" && name != "errors")
        .cloned()
        .collect();
    let on_error = args.named.iter().find(|(name, _)| name == "errors").map(|(_, value)| value);
    match ctx.lookup(name, Args { positional: terms, named: &options }) {
        Ok(found) => Ok(shaped(found, shape)),
        Err(error) => handled(ctx, error, known, (on_error.and_then(Value::as_str), shape, name)),
    }
}

fn handled(
    ctx: &Context<'_>,
    error: Error,
    known: bool,
    (on_error, shape, name): (Option<&str>, Shape, &str),
) -> Result<Value, Error> {
    let nothing = || {
        if shape == Shape::List { Value::from(Vec::<Value>::new()) } else { Value::None }
    };
    if let ErrorKind::Undefined(undefined) = error.kind() {
        return Ok(Value::Undef(undefined.clone()));
    }
    match on_error {
        // A lookup that isn't there or can't be loaded is an error whatever is asked for.
        _ if !known || error.message().ends_with(UNLOADED) => Err(error),
        Some("ignore") => Ok(nothing()),
        Some("warn") => {
            ctx.effects().tell(warning(name, &error));
            Ok(nothing())
        }
        _ => Err(error),
    }
}

/// What is told of a failure that only warns; its deeper causes stand apart.
fn warning(name: &str, error: &Error) -> Diagnostic {
    let mut causes = error.to_diagnostic().causes.into_iter();
    let why = causes.next().map_or_else(|| error.message(), |cause| cause.message);
    let told = Diagnostic::warning(format!(
        "An error occurred while running the lookup plugin '{name}': {why}"
    ));
    causes.fold(told, |told, cause| told.caused_by(cause.message, None))
}

/// One value alone, text joined with commas, nothing or a mixture as a list.
fn shaped(found: Vec<Value>, shape: Shape) -> Value {
    if shape == Shape::List || found.is_empty() {
        return found.into();
    }
    if let [only] = found.as_slice() {
        return only.clone();
    }
    let texts: Option<Vec<&str>> = found.iter().map(Value::as_str).collect();
    match texts {
        Some(texts) => Value::from(texts.join(",")),
        None => found.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        let found = || vec![Value::from("a"), Value::from("b")];
        assert_eq!(shaped(found(), Shape::Joined), Value::from("a,b"));
        assert_eq!(shaped(found(), Shape::List).repr(), "['a', 'b']");
        assert_eq!(shaped(vec![Value::Int(1)], Shape::Joined), Value::Int(1));
        assert_eq!(shaped(Vec::new(), Shape::Joined).repr(), "[]");
        assert_eq!(shaped(vec![Value::from("a"), Value::Int(1)], Shape::Joined).repr(), "['a', 1]");
    }
}
