//! Functions that make values: `range`, `dict`, `now`, `undef`, `lipsum`.

use std::sync::Arc;

use nafal_base::dates::{DateTime, Moment, strftime};
use nafal_base::{Dict, Range, Undefined, UndefinedReason, Value};

use crate::arguments::{Signature, fail, flag, given, int, key};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Function};

/// The functions.
pub const FUNCTIONS: &[Function] = &[
    Function { name: "range", doc: "numbers in a row", run: range },
    Function { name: "dict", doc: "a dict of pairs and names", run: dict },
    Function { name: "now", doc: "the moment, or its text in a format", run: now },
    Function { name: "undef", doc: "something undefined, with a hint", run: undef },
    Function { name: "lipsum", doc: "text that means nothing", run: lipsum },
];

/// A function takes nothing that it isn't given in parentheses.
const fn plain<const N: usize>(
    function: &'static str,
    names: [&'static str; N],
    required: usize,
) -> Signature<N> {
    Signature { function, names, required, before: 0, optional_before: 0 }
}

fn range(ctx: &Context<'_>, args: Args<'_>) -> Result<Value, Error> {
    if !args.named.is_empty() {
        return fail("range() takes no keyword arguments");
    }
    for value in args.positional {
        ctx.defined(value)?;
    }
    let (start, stop, step) = match args.positional {
        [] => return fail("range expected at least 1 argument, got 0"),
        [stop] => (0, int(stop)?, 1),
        [start, stop] => (int(start)?, int(stop)?, 1),
        [start, stop, step] => (int(start)?, int(stop)?, int(step)?),
        more => {
            return fail(format!("range expected at most 3 arguments, got {}", more.len()));
        }
    };
    if step == 0 {
        return fail("range() arg 3 must not be zero");
    }
    let range = Range { start, stop, step };
    Ok(Value::Range(Arc::new(range)))
}

fn dict(ctx: &Context<'_>, args: Args<'_>) -> Result<Value, Error> {
    let mut made = Dict::new();
    match args.positional {
        [] => {}
        [Value::Dict(dict)] => made = dict.clone(),
        [Value::Obj(object)] if object.to_data().is_some_and(|data| data.as_dict().is_some()) => {
            if let Some(Value::Dict(dict)) = object.to_data() {
                made = dict;
            }
        }
        [pairs] => {
            for (index, pair) in ctx.iterate(pairs)?.into_iter().enumerate() {
                let pair = ctx.iterate(&pair).map_err(|_| {
                    Error::new(format!(
                        "cannot convert dictionary update sequence element #{index} to a sequence"
                    ))
                })?;
                let [name, value] = pair.as_slice() else {
                    return fail(format!(
                        "dictionary update sequence element #{index} has length {}; 2 is required",
                        pair.len()
                    ));
                };
                made.insert(key(name.clone())?, value.clone());
            }
        }
        more => {
            return fail(format!("dict expected at most 1 argument, got {}", more.len()));
        }
    }
    for (name, value) in args.named {
        made.insert(name.clone(), value.clone());
    }
    Ok(Value::Dict(made))
}

fn now(ctx: &Context<'_>, args: Args<'_>) -> Result<Value, Error> {
    let [utc, format] = plain("_now", ["utc", "fmt"], 0).bind(args)?;
    let since = ctx.effects().now().duration_since(std::time::SystemTime::UNIX_EPOCH);
    let microseconds = since.map_or(0, |since| since.as_micros() as i128);
    let seconds = (microseconds / 1_000_000) as i64;
    let ahead =
        if flag(utc, false) { 0 } else { crate::local_time::offset_at(ctx.effects(), seconds).0 };
    let moment = Moment::from_microseconds(microseconds + i128::from(ahead) * 1_000_000);
    match given(format).filter(|format| format.is_true()) {
        // Python's moment here says nothing of zones, so neither do `%z` and `%Z`.
        Some(format) => strftime(&crate::arguments::text(format)?, &moment, None)
            .map(Value::from)
            .map_err(|why| Error::new(why.to_string())),
        None => Ok(DateTime { moment, offset: None }.into()),
    }
}

fn undef(ctx: &Context<'_>, args: Args<'_>) -> Result<Value, Error> {
    let [hint] = plain("_undef", ["hint"], 0).bind(args)?;
    let message = match hint {
        None | Some(Value::None) => "Mandatory variable has not been overridden".to_owned(),
        Some(Value::Str(hint)) if hint.is_empty() => {
            "Mandatory variable has not been overridden".to_owned()
        }
        Some(Value::Str(hint)) => hint.to_string(),
        Some(other) => {
            return fail(format!(
                "The 'hint' argument must be of type 'str' or 'NoneType', not '{}'.",
                other.type_name()
            ));
        }
    };
    Ok(Value::Undef(Arc::new(Undefined {
        reason: UndefinedReason::Message(message),
        span: ctx.span().cloned(),
    })))
}

/// A few of the words that printers have used since long ago.
const WORDS: &str = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor \
    incididunt ut labore et dolore magna aliqua enim ad minim veniam quis nostrud exercitation \
    ullamco laboris nisi aliquip ex ea commodo consequat duis aute irure in reprehenderit \
    voluptate velit esse cillum eu fugiat nulla pariatur excepteur sint occaecat cupidatat non \
    proident sunt culpa qui officia deserunt mollit anim id est laborum";

fn lipsum(ctx: &Context<'_>, args: Args<'_>) -> Result<Value, Error> {
    let [paragraphs, html, least, most] =
        plain("generate_lorem_ipsum", ["n", "html", "min", "max"], 0).bind(args)?;
    let number = |value: Option<&Value>, usual: i64| value.map_or(Ok(usual), int);
    let (paragraphs, least, most) =
        (number(paragraphs, 5)?, number(least, 20)?, number(most, 100)?);
    if most <= least {
        return fail(format!("empty range in randrange({least}, {most})"));
    }
    let mut random = crate::filters::generator(ctx, None)?;
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut made = Vec::new();
    for _ in 0..paragraphs {
        let length = least + random.below((most - least).unsigned_abs()) as i64;
        let mut text = String::new();
        for index in 0..length {
            let word = words[random.choose(words.len())];
            if index == 0 {
                text.push_str(&crate::python_text::capitalize(word));
            } else {
                text.push(' ');
                text.push_str(word);
            }
        }
        made.push(text + ".");
    }
    if flag(html, true) {
        let paragraphs: Vec<String> = made.iter().map(|text| format!("<p>{text}</p>")).collect();
        return Ok(paragraphs.join("\n").into());
    }
    Ok(made.join("\n\n").into())
}
