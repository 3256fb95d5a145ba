//! The lookup of numbers in a row.

use nafal_base::Value;

use super::terms::{invalid, words};
use crate::arguments::{fail, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Lookup};
use crate::python_format::percent;
use crate::python_text::parse_int;

/// The lookup.
pub const LOOKUPS: &[Lookup] =
    &[Lookup { names: &["sequence"], doc: "numbers in a row, formatted", run: sequence }];

#[derive(Clone, Debug)]
struct Sequence {
    start: i64,
    end: Option<i64>,
    count: Option<i64>,
    stride: i64,
    format: String,
}

impl Sequence {
    fn new() -> Sequence {
        Sequence { start: 1, end: None, count: None, stride: 1, format: "%d".to_owned() }
    }

    fn set(&mut self, name: &str, value: &Value) -> Result<(), Error> {
        let number = || {
            let parsed = match value {
                Value::Str(text) => {
                    parse_int(text, 10).and_then(|number| i64::try_from(number).ok())
                }
                value => value.as_int(),
            };
            parsed.ok_or_else(|| invalid("sequence", name, "integer", value))
        };
        match name {
            "start" => self.start = number()?,
            "end" => self.end = Some(number()?),
            "count" => self.count = Some(number()?),
            "stride" => self.stride = number()?,
            "format" => self.format = text(value)?.into_owned(),
            "wantlist" | "errors" => {}
            other => {
                return fail(format!("unrecognized arguments to with_sequence: ['{other}']"));
            }
        }
        Ok(())
    }

    /// `[start-]end[/stride][:format]`; false when the text is something else.
    fn short(&mut self, text: &str) -> Result<bool, Error> {
        let (numbers, format) = match text.split_once(':') {
            Some((numbers, format)) => (numbers, Some(format)),
            None => (text, None),
        };
        let (range, stride) = match numbers.split_once('/') {
            Some((range, stride)) => (range, Some(stride)),
            None => (numbers, None),
        };
        let at = range.get(1..).and_then(|rest| rest.find('-')).map(|at| at + 1);
        let (start, end) = match at {
            Some(at) => (Some(&range[..at]), &range[at + 1..]),
            None => (None, range),
        };
        let looks = |text: &str| {
            let word = text.trim_start_matches('-');
            !word.is_empty() && word.chars().all(|c| c.is_ascii_hexdigit() || c == 'x')
        };
        if ![Some(end), start, stride].into_iter().flatten().all(looks) {
            return Ok(false);
        }
        for (name, value) in [("end", Some(end)), ("start", start), ("stride", stride)] {
            if let Some(value) = value {
                self.set(name, &Value::from(value))?;
            }
        }
        if let Some(format) = format {
            self.format = format.to_owned();
        }
        Ok(true)
    }

    fn numbers(&self) -> Result<Vec<Value>, Error> {
        let (start, end, stride) = match (self.end, self.count) {
            (Some(_), Some(_)) => {
                return fail("can't specify both count and end in with_sequence");
            }
            (None, None) => return fail("must specify count or end in with_sequence"),
            (None, Some(0)) => return Ok(Vec::new()),
            (None, Some(count)) => (self.start, self.start + count * self.stride - 1, self.stride),
            (Some(end), None) => (self.start, end, self.stride),
        };
        if stride > 0 && end < start {
            return fail("to count backwards make stride negative");
        }
        if stride < 0 && end > start {
            return fail("to count forward don't make stride negative");
        }
        if stride == 0 {
            return Ok(Vec::new());
        }
        if self.format.matches('%').count() != 1 {
            return fail(format!("bad formatting string: {}", self.format));
        }
        let stop = end + stride.signum();
        nafal_base::Range { start, stop, step: stride }
            .iter()
            .map(|number| {
                percent::format(&self.format, &Value::Int(number)).map(Value::from).map_err(|_| {
                    let format = nafal_base::value::string_repr(&self.format);
                    Error::new(format!("problem formatting {number} with {format}")).hint("")
                })
            })
            .collect()
    }
}

fn sequence(_: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let mut found = Vec::new();
    // Without anything at all there are no numbers; an empty term has no end (tests/expressions).
    let none = [Value::from("")];
    let terms = match args.positional {
        [] if args.named.iter().next().is_none() => return Ok(found),
        [] => &none,
        terms => terms,
    };
    for term in terms {
        let mut sequence = Sequence::new();
        for (name, value) in args.named {
            sequence.set(name, value)?;
        }
        let term = text(term)?;
        if !term.is_empty() && !sequence.short(&term)? {
            let words = words(&term);
            if !words.free.is_empty() {
                return fail("unrecognized arguments to with_sequence: ['_raw_params']");
            }
            // Stock looks at them in the order of their names.
            let pairs: std::collections::BTreeMap<_, _> = words.pairs.iter().cloned().collect();
            for (name, value) in &pairs {
                sequence.set(name, &Value::from(value.as_str()))?;
            }
        }
        found.extend(sequence.numbers()?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(text: &str) -> String {
        let mut sequence = Sequence::new();
        assert_eq!(sequence.short(text), Ok(true));
        sequence.numbers().map_or_else(|error| error.message(), |found| Value::from(found).repr())
    }

    #[test]
    fn short_forms() {
        assert_eq!(short("3"), "['1', '2', '3']");
        assert_eq!(short("2-10/4:host%02d"), "['host02', 'host06', 'host10']");
        assert_eq!(short("5-1"), "to count backwards make stride negative");
        assert_eq!(short("5-1/-2"), "['5', '3', '1']");
        assert_eq!(Sequence::new().short("end=5"), Ok(false));
    }
}
