//! The lookup `config`: settings, and options of plugins as a task's variables have them. Must not know where settings
//! are kept, nor which plugins there are.

use nafal_base::Value;

use super::terms::{
    invalid_from, labelled, not_a_choice, not_a_choice_of, option, owner, text_option,
};
use crate::arguments::{class_repr, fail};
use crate::context::Context;
use crate::effects::{OptionFault, PluginOption};
use crate::error::Error;
use crate::eval::failed;
use crate::plugin::{Args, Lookup};

/// The lookup.
pub const LOOKUPS: &[Lookup] = &[Lookup { names: &["config"], doc: "settings", run: config }];

/// The kinds of plugins that have options.
const KINDS: &[&str] = &[
    "become",
    "cache",
    "callback",
    "cliconf",
    "connection",
    "httpapi",
    "inventory",
    "lookup",
    "netconf",
    "shell",
    "vars",
];

/// What is done of a setting that isn't known.
const ON_MISSING: &[&str] = &["error", "skip", "warn"];

/// A setting, and where it is said if that is known.
type Found = (Value, Option<String>);

fn config(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let chosen =
        |name: &str, choices: &[&str]| match option(args, name).filter(|value| !value.is_none()) {
            Some(value) if !choices.contains(&&*value.to_text()) => {
                let error = not_a_choice("config", name, &value.to_text());
                Err(error.hint(valid(choices)))
            }
            value => Ok(value.map(|value| value.to_text().into_owned())),
        };
    let on_missing = chosen("on_missing", ON_MISSING)?.unwrap_or_else(|| "error".to_owned());
    let kind = chosen("plugin_type", KINDS)?;
    let plugin = text_option(args, "plugin_name", "")?;
    if kind.is_some() == plugin.is_empty() {
        return fail(
            "Both plugin_type and plugin_name are required, cannot use one without the other.",
        );
    }
    let shows_origin = option(args, "show_origin").is_some_and(Value::is_true);
    let mut found = Vec::with_capacity(args.positional.len());
    for term in args.positional {
        let Value::Str(name) = term else {
            return fail(format!(
                "Invalid setting identifier, {} is not a <class 'str'>, its a {}.",
                term.to_text(),
                class_repr(term)
            ));
        };
        let setting = match &kind {
            Some(kind) => of_plugin(ctx, &PluginOption { kind, plugin: &plugin, name })?,
            None => setting(ctx, name)?,
        };
        match setting {
            Ok((value, origin)) if shows_origin => {
                found.push(Value::from(vec![value, Value::from(origin)]))
            }
            Ok((value, _)) => found.push(value),
            Err(_) if on_missing == "skip" => {}
            Err(missing) if on_missing == "warn" => {
                ctx.effects().warn(&format!("Skipping {name}: {missing}"));
            }
            Err(missing) => return fail(missing),
        }
    }
    Ok(found)
}

/// A setting of no plugin, or that there is none.
fn setting(ctx: &Context<'_>, name: &str) -> Result<Result<Found, String>, Error> {
    let variable = |name: &str| given(ctx, name);
    let varied = ctx.effects().varied_setting(name, &variable);
    if let Some((value, origin)) =
        varied.map_err(|fault| refused_of(&format!("'{name}'"), fault))?
    {
        return Ok(Ok((value, Some(origin))));
    }
    Ok(match ctx.effects().setting(name) {
        Some(value) => Ok((value, ctx.effects().setting_origin(name))),
        None => Err(format!("No config definition exists for '{name}'.")),
    })
}

/// What a variable says of an option.
fn given(ctx: &Context<'_>, name: &str) -> Option<Value> {
    ctx.scope().get(name).filter(|value| !value.is_none())
}

/// An option of a plugin, or that there is none. What variables hold is taken as it is written: stock doesn't render it here (case
/// `lookup-config-plugins`).
fn of_plugin(ctx: &Context<'_>, asked: &PluginOption<'_>) -> Result<Result<Found, String>, Error> {
    match ask(ctx, asked) {
        Ok((value, origin)) => Ok(Ok((value, Some(origin)))),
        Err(OptionFault::NoOption) => Ok(Err(refused(asked, OptionFault::NoOption).message())),
        Err(fault) => Err(refused(asked, fault)),
    }
}

/// What anybody but the caller of a plugin says of its option.
pub(super) fn said(ctx: &Context<'_>, asked: &PluginOption<'_>) -> Result<Option<Value>, Error> {
    match ask(ctx, asked) {
        Ok((value, origin)) => Ok((origin != "default").then_some(value)),
        Err(OptionFault::NoPlugin | OptionFault::NoOption | OptionFault::Required) => Ok(None),
        Err(fault) => Err(refused(asked, fault)),
    }
}

fn ask(ctx: &Context<'_>, asked: &PluginOption<'_>) -> Result<(Value, String), OptionFault> {
    let variable = |name: &str| given(ctx, name);
    match ctx.effects().plugin_setting(asked, &variable) {
        Err(OptionFault::NoPlugin) => ctx.effects().foreign_plugin_setting(asked, ctx.scope()),
        known => known,
    }
}

/// What may be chosen.
fn valid<T: AsRef<str>>(choices: &[T]) -> String {
    let choices: Vec<&str> = choices.iter().map(AsRef::as_ref).collect();
    format!("Valid values are: {}", choices.join(", "))
}

fn refused(asked: &PluginOption<'_>, fault: OptionFault) -> Error {
    let PluginOption { kind, plugin, name } = asked;
    match fault {
        OptionFault::NoPlugin => Error::new(format!("Unable to load {kind} plugin '{plugin}'.")),
        fault => refused_of(&labelled(&owner(kind, plugin), name), fault),
    }
}

/// The same of an option with this label, whoever has it.
fn refused_of(label: &str, fault: OptionFault) -> Error {
    match fault {
        OptionFault::NoOption | OptionFault::NoPlugin => {
            Error::new(format!("No config definition exists for {label}."))
        }
        OptionFault::Required => Error::new(format!("Required config {label} not provided.")),
        OptionFault::Said(failure) => failed(failure),
        OptionFault::Invalid { origin, kind, value } => {
            Error::new(invalid_from(&origin, label, &kind, &value))
        }
        OptionFault::NoChoice { value, choices } => {
            Error::new(not_a_choice_of(label, &value.to_text())).hint(valid(&choices))
        }
    }
}
