//! Filters to and from JSON.

use nafal_base::Value;
use nafal_base::value::json_marks::{Profile, Trust, read_marks};

use crate::arguments::{class_name, class_repr, count, fail, flag, settled};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};
use crate::python_json::{Layout, LoneSurrogate, read_noting, write};

const fn filter(
    names: &'static [&'static str],
    doc: &'static str,
    run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
) -> Filter {
    Filter { names, undefined: OnUndefined::PassOn, members: OnMembers::Render, doc, run }
}

/// The filters.
pub const FILTERS: &[Filter] = &[
    filter(&["to_json"], "the value as JSON on one line", to_json),
    filter(&["to_nice_json"], "the value as JSON that people can read, sorted", to_nice_json),
    filter(&["from_json"], "the value that a JSON text says", from_json),
    filter(&["tojson"], "the value as JSON that may stand in HTML, sorted", tojson),
];

/// `json.dumps` with its options among the named arguments.
fn dump(value: &Value, args: Args<'_>, mut layout: Layout) -> Result<Value, Error> {
    settled(value)?;
    if !args.positional.is_empty() {
        // Python takes it for the name of a way to write JSON.
        return fail(format!(
            "Name is {} instead of <class 'str'> or <class 'module'>.",
            class_repr(&args.positional[0])
        ));
    }
    for (name, option) in args.named {
        match name.as_str() {
            "indent" => {
                layout.indent = match option {
                    Value::None => None,
                    Value::Str(text) => Some(text.to_string()),
                    number => Some(" ".repeat(count(crate::arguments::int(number)?))),
                };
                let given = args.named.iter().any(|(name, _)| name == "separators");
                if !given {
                    layout.separators.0 =
                        if layout.indent.is_some() { "," } else { ", " }.to_owned();
                }
            }
            "separators" => {
                if let Some([item, key]) = option.as_list().map(|pair| &**pair) {
                    layout.separators = (item.to_text().into_owned(), key.to_text().into_owned());
                }
            }
            "sort_keys" => layout.sort_keys = flag(Some(option), false),
            "ensure_ascii" => layout.ensure_ascii = flag(Some(option), true),
            "vault_to_text" | "preprocess_unsafe" | "skipkeys" | "check_circular" | "allow_nan"
            | "cls" | "default" => {}
            _ => {
                return fail(format!(
                    "JSONEncoder.__init__() got an unexpected keyword argument '{name}'"
                ));
            }
        }
    }
    write(value, &layout).map(Value::from).map_err(Error::new)
}

fn to_json(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    dump(value, args, Layout::new(None))
}

fn to_nice_json(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    if args.positional.len() > 2 {
        return fail(format!(
            "to_nice_json() takes from 1 to 3 positional arguments but {} were given",
            args.positional.len() + 1
        ));
    }
    let layout = Layout { sort_keys: true, ..Layout::new(Some(" ".repeat(4))) };
    let (options, rest): (Vec<_>, Vec<_>) =
        args.positional.iter().cloned().enumerate().partition(|(index, _)| *index < 2);
    let mut named = args.named.to_vec();
    for ((_, value), name) in options.into_iter().zip(["indent", "sort_keys"]) {
        named.push((name.into(), value));
    }
    let rest: Vec<Value> = rest.into_iter().map(|(_, value)| value).collect();
    dump(value, Args { positional: &rest, named: &named }, layout)
}

fn from_json(context: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    if let Some((name, _)) = args.named.iter().find(|(name, _)| name != "profile") {
        return fail(format!("JSONDecoder.__init__() got an unexpected keyword argument '{name}'"));
    }
    let profile = match args.named.first() {
        None => Profile::Tagless,
        Some((_, name)) => profile(name)?,
    };
    let (read, trust) = match value {
        Value::Str(text) if text.is_trusted() => (read_noting(text), Trust::Given(text.span())),
        Value::Str(text) => (read_noting(text), Trust::Withheld),
        Value::Bytes(bytes) => (read_noting(&String::from_utf8_lossy(bytes)), Trust::Withheld),
        other => {
            let class = class_name(other);
            return fail(format!("the JSON object must be str, bytes or bytearray, not {class}"));
        }
    };
    let (value, lone) = read.map_err(Error::new)?;
    if let Some(lone) = lone {
        judge(context, lone)?;
    }
    read_marks(&value, profile, trust).map_err(Error::new)
}

/// Half a character is refused, unless a setting lets it pass; it is shown as `?` then.
fn judge(context: &Context<'_>, lone: LoneSurrogate) -> Result<(), Error> {
    let strict = context.effects().setting("MODULE_STRICT_UTF8_RESPONSE");
    if strict.is_none_or(|strict| strict.is_true()) {
        return Err(Error::new(lone.refusal()).hint(LoneSurrogate::REMEDY));
    }
    context
        .effects()
        .warn("Non UTF-8 encoded data replaced with \"?\" while displaying text to stdout/stderr.");
    Ok(())
}

/// The profile of this name. The others of stock's are for what it says to its own modules.
fn profile(name: &Value) -> Result<Profile, Error> {
    let Value::Str(name) = name else {
        return fail(format!(
            "Name is {} instead of <class 'str'> or <class 'module'>.",
            class_repr(name)
        ));
    };
    Profile::named(name).map_or_else(|| fail(format!("Unknown profile name '{}'.", &**name)), Ok)
}

fn tojson(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [indent] = crate::arguments::Signature::filter("do_tojson", ["indent"], 0)
        .with_environment()
        .bind(args)?;
    let named: Vec<_> = indent.iter().map(|indent| ("indent".into(), (*indent).clone())).collect();
    let layout = Layout { sort_keys: true, ..Layout::new(None) };
    let json = dump(value, Args { positional: &[], named: &named }, layout)?;
    let json = json.to_text();
    let safe = json
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\'', "\\u0027");
    Ok(safe.into())
}
