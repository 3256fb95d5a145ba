//! Filters to and from YAML.

use nafal_base::{Diagnostic, Source, Span, Value};

use crate::arguments::{count, fail, flag, given, int, settled, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};
use crate::yaml_emitter::{Flow, Options, write};

const fn filter(
    names: &'static [&'static str],
    doc: &'static str,
    run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
) -> Filter {
    Filter { names, undefined: OnUndefined::PassOn, members: OnMembers::Render, doc, run }
}

/// The filters.
pub const FILTERS: &[Filter] = &[
    filter(&["to_yaml"], "the value as YAML", to_yaml),
    filter(&["to_nice_yaml"], "the value as YAML with a line for each item", to_nice_yaml),
    filter(&["from_yaml"], "the value that a YAML text says", from_yaml),
    filter(&["from_yaml_all"], "the values that the documents of a YAML text say", from_yaml_all),
];

fn dump(
    value: &Value,
    args: Args<'_>,
    (mut options, names): (Options, &[&str]),
) -> Result<Value, Error> {
    settled(value)?;
    let positional = names.iter().copied().zip(args.positional);
    let named = args.named.iter().map(|(name, value)| (name.as_str(), value));
    for (name, option) in positional.chain(named) {
        match name {
            "indent" => {
                options.indent = given(Some(option)).map_or(Ok(2), |n| int(n).map(count))?;
            }
            "width" => {
                options.width = match given(Some(option)) {
                    None => Some(80),
                    Some(Value::Float(number)) if number.is_infinite() => None,
                    Some(number) => usize::try_from(int(number)?).ok(),
                };
            }
            "default_flow_style" => {
                options.flow = match option {
                    Value::None => Flow::Leaves,
                    option if option.is_true() => Flow::Always,
                    _ => Flow::Never,
                };
            }
            "default_style" => {
                options.style =
                    given(Some(option)).map(text).transpose()?.and_then(|s| s.chars().next());
            }
            "sort_keys" => options.sort_keys = flag(Some(option), true),
            "explicit_start" => options.explicit_start = flag(Some(option), false),
            "explicit_end" => options.explicit_end = flag(Some(option), false),
            "allow_unicode" => {
                return fail(
                    "yaml.dump() got multiple values for keyword argument 'allow_unicode'",
                );
            }
            "canonical" | "encoding" | "line_break" | "version" | "tags" | "dump_vault_tags" => {
                if option.is_true() {
                    return fail(format!("the option {name} of this filter is not built yet"));
                }
            }
            other => {
                return fail(format!("dump_all() got an unexpected keyword argument '{other}'"));
            }
        }
    }
    write(value, &options).map(Value::from).map_err(Error::new)
}

fn to_yaml(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    dump(value, args, (Options::default(), &["default_flow_style"]))
}

fn to_nice_yaml(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let options = Options { indent: 4, flow: Flow::Never, ..Options::default() };
    dump(value, args, (options, &["indent"]))
}

fn from_yaml(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = crate::arguments::Signature::filter("from_yaml", [], 0).bind(args)?;
    match value {
        Value::Str(text) => ctx.effects().yaml(text).map(untrusted).map_err(Error::new),
        other => Ok(taken_for_data(ctx, "from_yaml", other)),
    }
}

/// What isn't text is taken for data already; that will end.
fn taken_for_data(ctx: &Context<'_>, filter: &str, value: &Value) -> Value {
    let message =
        format!("The {filter} filter ignored non-string input of type '{}'.", value.type_name());
    let place = Span::whole(&Source::new("<unknown>", value.to_text()));
    ctx.effects().tell(Diagnostic::deprecation(&message, "2.23").at(place));
    value.clone()
}

/// What a text says is never rendered, wherever the text came from.
fn untrusted(value: Value) -> Value {
    if !value.marks().intersects(nafal_base::Marks::TRUSTED | nafal_base::Marks::TEMPLATE) {
        return value;
    }
    match value {
        Value::Str(text) => Value::Str(text.untrusted()),
        Value::List(items) => Value::List(items.into_vec().into_iter().map(untrusted).collect()),
        Value::Tuple(items) => Value::Tuple(items.into_vec().into_iter().map(untrusted).collect()),
        Value::Dict(dict) => {
            let plain = |key: &nafal_base::Key| match key.as_text() {
                Some(text) => nafal_base::Key::from(text.untrusted()),
                None => key.clone(),
            };
            Value::Dict(
                dict.iter().map(|(key, value)| (plain(key), untrusted(value.clone()))).collect(),
            )
        }
        other => other,
    }
}

fn from_yaml_all(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = crate::arguments::Signature::filter("from_yaml_all", [], 0).bind(args)?;
    match value {
        Value::None => Ok(Value::from(Vec::<Value>::new())),
        Value::Str(text) => {
            let documents = ctx.effects().yaml_documents(text).map_err(Error::new)?;
            Ok(documents.into_iter().map(untrusted).collect::<Vec<_>>().into())
        }
        other => Ok(taken_for_data(ctx, "from_yaml_all", other)),
    }
}
