//! How a play goes over its hosts: their order, its batches, its strategy, when it gives up. Must
//! not know tasks.

use std::hash::{BuildHasher, RandomState};

use nafal_base::{Diagnostic, HostName, Span, Template, Value};
use nafal_executor::Strategy;
use nafal_parser::playbook::ast::Play;

use crate::error::Error;
use crate::playbooks::ReadyPlay;
use crate::run::Course;

/// Stock's exit code for what surprises it, as a serial that is no number does.
const UNEXPECTED: u8 = 250;

/// A play's plan.
pub(crate) struct Plan {
    /// The hosts of each batch, in their order.
    pub batches: Vec<Vec<HostName>>,
    /// `max_fail_percentage`.
    pub max_fail_percentage: Option<f64>,
    /// What `strategy` says, not looked up yet.
    pub strategy: String,
}

impl Course<'_> {
    /// The plan of a play over these hosts.
    pub(crate) fn plan(&self, ready: &ReadyPlay, hosts: &[HostName]) -> Result<Plan, Error> {
        let play = &ready.play;
        let strategy = match self.optional("strategy", source(&play.strategy), ready)? {
            Some(value) => value.to_text().into_owned(),
            None => self.engine.settings().strategy.clone(),
        };
        let limit = &play.max_fail_percentage;
        let max_fail_percentage = self
            .optional("max_fail_percentage", source(limit), ready)?
            .map(|value| percentage(&value, limit.as_ref().and_then(|limit| limit.span.as_ref())))
            .transpose()?;
        let order = match self.optional("order", source(&play.order), ready)? {
            Some(value) => value.to_text().into_owned(),
            None => "inventory".to_owned(),
        };
        let mut serial = Vec::with_capacity(play.serial.len());
        for written in &play.serial {
            match self.optional("serial", Some(written), ready)? {
                // A template gave the whole list (case `serial-batches`).
                Some(Value::List(sizes)) if written.has_template() => {
                    serial.extend(sizes.iter().map(|size| (size.clone(), written.span().cloned())));
                }
                Some(value) => serial.push((value, written.span().cloned())),
                None => {}
            }
        }
        let hosts = ordered(hosts, &order)?;
        Ok(Plan { batches: batches(hosts, &serial)?, max_fail_percentage, strategy })
    }

    /// A play's own keyword, rendered.
    pub(crate) fn keyword(
        &self,
        name: &str,
        value: &Value,
        ready: &ReadyPlay,
    ) -> Result<Value, Error> {
        self.render(value, ready).map_err(|error| of_keyword(name, &error))
    }

    /// The same, unless it isn't written or gives `omit` (case `omit-play-keywords`).
    fn optional(
        &self,
        name: &str,
        written: Option<&Value>,
        ready: &ReadyPlay,
    ) -> Result<Option<Value>, Error> {
        let Some(value) = written else { return Ok(None) };
        ready.render_optional(value, &self.services).map_err(|error| of_keyword(name, &error))
    }
}

fn source<T>(keyword: &Option<Template<T>>) -> Option<&Value> {
    keyword.as_ref().map(|keyword| &keyword.source)
}

/// What is wrong with a keyword, with its name.
pub(crate) fn of_keyword(name: &str, error: &Error) -> Error {
    let mut diagnostics = error.diagnostics();
    if let Some(first) = diagnostics.first_mut() {
        first.message = format!("Error processing keyword '{name}': {}", first.message);
    }
    Error::Load { diagnostics, code: error.exit_code() }
}

/// `max_fail_percentage`, with or without `%`.
fn percentage(value: &Value, span: Option<&Span>) -> Result<f64, Error> {
    let number = match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        Value::Str(text) => text.trim().trim_end_matches('%').trim().parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| {
        let message = format!("The value {} could not be converted to 'percent'.", value.repr());
        let error = Diagnostic::error("Error processing keyword 'max_fail_percentage'")
            .at(span.cloned())
            .caused_by(message, span.cloned());
        Error::load(error, 4)
    })
}

/// The strategy of this name.
pub(crate) fn strategy(name: &str, play: &Play) -> Result<Strategy, Error> {
    Strategy::named(name).ok_or_else(|| {
        let error = Diagnostic::error(format!("Invalid play strategy specified: {name}"))
            .at(play.span.clone())
            .hint("there are linear, free, host_pinned and debug");
        Error::load(error, 1)
    })
}

/// Hosts in the order that `order` says.
fn ordered(hosts: &[HostName], order: &str) -> Result<Vec<HostName>, Error> {
    let mut hosts = hosts.to_vec();
    match order {
        "inventory" | "" => {}
        "reverse_inventory" => hosts.reverse(),
        "sorted" => hosts.sort(),
        "reverse_sorted" => hosts.sort_by(|a, b| b.cmp(a)),
        "shuffle" => {
            let keys = RandomState::new();
            hosts.sort_by_cached_key(|host| keys.hash_one(host.as_str()));
        }
        other => {
            let message = format!("Invalid 'order' specified for inventory hosts: {other}");
            let hint = "there are inventory, reverse_inventory, sorted, reverse_sorted and shuffle";
            return Err(Error::load(Diagnostic::error(message).hint(hint), 5));
        }
    }
    Ok(hosts)
}

/// The hosts in batches. The last of several sizes counts for all that are left; a size that isn't
/// positive is all of them.
fn batches(
    hosts: Vec<HostName>,
    serial: &[(Value, Option<Span>)],
) -> Result<Vec<Vec<HostName>>, Error> {
    let total = hosts.len();
    let mut sizes = Vec::with_capacity(serial.len());
    for (value, span) in serial {
        sizes.push(size(value, total, span.as_ref())?);
    }
    let mut left = hosts.into_iter().peekable();
    let mut all = Vec::new();
    while left.peek().is_some() {
        let size = sizes.get(all.len()).or(sizes.last()).copied().unwrap_or_default();
        let size = if size == 0 { total } else { size };
        all.push(left.by_ref().take(size).collect());
    }
    if all.is_empty() {
        all.push(Vec::new());
    }
    Ok(all)
}

/// A size: a number, or a share of all hosts, of which one at least. 0 means all of them.
fn size(value: &Value, total: usize, span: Option<&Span>) -> Result<usize, Error> {
    let text = value.to_text();
    let wrong = || {
        let message = format!("the size of a batch in 'serial' is no number: {}", value.repr());
        let hint = "write a number, a percentage like \"30%\", or a list of such";
        Error::load(Diagnostic::error(message).at(span.cloned()).hint(hint), UNEXPECTED)
    };
    if let (Value::Str(_), Some(share)) = (value, text.strip_suffix('%')) {
        let share: u64 = share.trim().parse().map_err(|_| wrong())?;
        let count = u128::from(share) * total as u128 / 100;
        return Ok(usize::try_from(count).unwrap_or(usize::MAX).max(1));
    }
    let number = match value {
        Value::Int(number) => *number,
        Value::Float(number) => *number as i64,
        Value::Bool(flag) => i64::from(*flag),
        Value::Str(text) => text.trim().parse().map_err(|_| wrong())?,
        _ => return Err(wrong()),
    };
    Ok(usize::try_from(number).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(serial: &[Value], sizes: &[usize]) {
        let hosts: Vec<HostName> = (0..10).map(|n| HostName::from(&*format!("h{n}"))).collect();
        let serial: Vec<_> = serial.iter().map(|value| (value.clone(), None)).collect();
        let made: Vec<usize> = batches(hosts, &serial).unwrap().iter().map(Vec::len).collect();
        assert_eq!(made, sizes, "{serial:?}");
    }

    #[test]
    fn sizes_of_batches() {
        check(&[], &[10]);
        check(&[Value::Int(4)], &[4, 4, 2]);
        check(&[Value::from("35%")], &[3, 3, 3, 1]);
        check(&[Value::from("1%")], &[1; 10]);
        check(&[Value::Int(1), Value::from("5"), Value::Int(20)], &[1, 5, 4]);
        check(&[Value::Int(0)], &[10]);
        check(&[Value::Int(-1)], &[10]);
        assert!(size(&Value::from("x%"), 3, None).is_err());
        assert!(size(&Value::from("many"), 3, None).is_err());
    }

    #[test]
    fn orders() {
        let hosts = ["b", "c", "a"].map(HostName::from);
        let named = |order: &str| {
            let hosts = ordered(&hosts, order).unwrap();
            hosts.iter().map(HostName::to_string).collect::<Vec<_>>().concat()
        };
        assert_eq!(named("inventory"), "bca");
        assert_eq!(named("reverse_inventory"), "acb");
        assert_eq!(named("sorted"), "abc");
        assert_eq!(named("reverse_sorted"), "cba");
        assert_eq!(named("shuffle").len(), 3);
        assert!(ordered(&hosts, "backwards").is_err());
    }
}
