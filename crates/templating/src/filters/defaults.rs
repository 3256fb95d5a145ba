//! Filters about what isn't there and what something is. Must not know how undefined values arise.

use nafal_base::{Diagnostic, UndefinedReason, Value};

use crate::arguments::{Signature, fail, flag};
use crate::context::Context;
use crate::error::Error;
use crate::eval::is_plain_value;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};

/// The filters.
pub const FILTERS: &[Filter] = &[
    Filter {
        names: &["default", "d"],
        undefined: OnUndefined::Accept,
        members: OnMembers::Leave,
        doc: "another value when this one is undefined (or false, with boolean=true)",
        run: default,
    },
    Filter {
        names: &["mandatory"],
        undefined: OnUndefined::Accept,
        members: OnMembers::Render,
        doc: "the value, or a failure when it is undefined",
        run: mandatory,
    },
    Filter {
        names: &["ternary"],
        undefined: OnUndefined::Accept,
        members: OnMembers::Leave,
        doc: "one of two values by whether this one is true (or a third when it is None)",
        run: ternary,
    },
    Filter {
        names: &["bool"],
        undefined: OnUndefined::PassOn,
        members: OnMembers::Render,
        doc: "the bool that the value says",
        run: bool_,
    },
    Filter {
        names: &["type_debug"],
        undefined: OnUndefined::Accept,
        members: OnMembers::Leave,
        doc: "the name of the value's Python type",
        run: type_debug,
    },
];

fn default(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    const SIGNATURE: Signature<2> =
        Signature::filter("ansible_default", ["default_value", "boolean"], 0);
    if args.named.iter().any(|(name, _)| name == "value") {
        return fail("ansible_default() got multiple values for argument 'value'");
    }
    let [otherwise, boolean] = SIGNATURE.bind(args)?;
    if is_plain_value(value) {
        // The one thing that is missing without being undefined for stock.
        return Ok(value.clone());
    }
    let missing = value.is_undefined() || (flag(boolean, false) && !value.is_true());
    if !missing {
        return Ok(value.clone());
    }
    Ok(otherwise.cloned().unwrap_or_else(|| Value::from("")))
}

fn mandatory(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [message] = Signature::filter("mandatory", ["msg"], 0).bind(args)?;
    let Value::Undef(undefined) = value else {
        return Ok(value.clone());
    };
    if is_plain_value(value) {
        return Ok(value.clone());
    }
    if let Some(message) = message.filter(|message| !message.is_none()) {
        return fail(message.to_text());
    }
    match &undefined.reason {
        UndefinedReason::Name(name) => fail(format!("Mandatory variable '{name}' not defined.")),
        _ => fail("Mandatory variable not defined."),
    }
}

fn ternary(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [yes, no, none] =
        Signature::filter("ternary", ["true_val", "false_val", "none_val"], 2).bind(args)?;
    // What isn't chosen may be undefined.
    if value.is_undefined() && !is_plain_value(value) {
        return Ok(value.clone());
    }
    let chosen = match none.filter(|none| !none.is_none()) {
        Some(none) if value.is_none() => Some(none),
        _ if value.is_true() => yes,
        _ => no,
    };
    Ok(chosen.cloned().unwrap_or_default())
}

/// The bool that Ansible's `bool` filter sees; None where it only warns and says no.
pub(crate) fn said_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Str(text) => match text.to_lowercase().as_str() {
            "yes" | "on" | "true" | "1" => Some(true),
            "no" | "off" | "false" | "0" => Some(false),
            _ => None,
        },
        value if *value == Value::Int(1) => Some(true),
        value if *value == Value::Int(0) => Some(false),
        _ => None,
    }
}

fn bool_(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("to_bool", [], 0).bind(args)?;
    Ok(Value::Bool(said_bool(value).unwrap_or_else(|| {
        // None is meant as often as "no": stock warns of it like of any other value.
        let told = format!(
            "The `bool` filter coerced invalid value {} ({}) to False.",
            value.repr(),
            value.type_name()
        );
        ctx.effects().tell(Diagnostic::deprecation(&told, "2.23"));
        false
    })))
}

fn type_debug(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("type_debug", [], 0).bind(args)?;
    Ok(Value::from(match value {
        Value::Omit => "_OmitType",
        Value::Undef(undefined) => match &undefined.reason {
            UndefinedReason::Plain => "Undefined",
            UndefinedReason::Failed(_) => "CapturedExceptionMarker",
            _ => value.type_name(),
        },
        Value::Str(text) if text.marks().contains(nafal_base::Marks::MARKUP) => "Markup",
        value => value.type_name(),
    }))
}
