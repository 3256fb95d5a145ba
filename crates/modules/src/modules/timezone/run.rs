//! One run: what is wanted against what there is, then what there is afterwards. Must not know where it is kept.

use std::path::Path;

use nafal_base::{Dict, Outcome, Value};

use super::way::{self, Way};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};

/// What can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The time that the hardware's clock keeps: `UTC` or `local`.
    Clock,
    /// The zone.
    Name,
}

impl What {
    /// Its argument.
    pub fn word(self) -> &'static str {
        match self {
            What::Clock => "hwclock",
            What::Name => "name",
        }
    }
}

/// Why a run ends early.
pub enum Stop {
    /// The module's own words, which come before what it has done so far.
    Told(String),
    /// A tool's.
    Failed(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failed(failure)
    }
}

/// What is told of a value that nothing says.
const UNKNOWN: &str = "n/a";

/// The module's function.
pub fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let mut told = Vec::new();
    settle(args, ctx, &mut told).map_err(|stop| match stop {
        Stop::Failed(failure) => failure,
        Stop::Told(message) if told.is_empty() => {
            Failure::new(format!("Error message:\n{message}"))
        }
        Stop::Told(message) => Failure::new(format!(
            "Error message:\n{message}\nOther message(s):\n{}",
            told.join("\n")
        )),
    })
}

fn settle(args: &Arguments, ctx: &Ctx, told: &mut Vec<String>) -> Result<Outcome, Stop> {
    let planned: Vec<(What, &str)> = [What::Clock, What::Name]
        .into_iter()
        .filter_map(|what| Some((what, args.text(what.word())?)))
        .collect();
    let systemd = way::systemd(ctx)?;
    if let Some(name) = args.text("name").filter(|name| !way::zone(name).is_file()) {
        return Err(Stop::Told(format!("given timezone \"{name}\" is not available")));
    }
    let way = match systemd {
        Some(tool) => Way::Systemd(tool),
        None => Way::Files(super::files::Files::find(ctx, &planned)?),
    };
    let before = now(&way, ctx, &planned)?;
    let wanted = as_dict(&planned);
    if !ctx.is_check() {
        for (what, value) in &planned {
            if before.get(what.word()).is_none_or(|before| *before != Value::from(*value)) {
                way.set(ctx, *what, value, told)?;
            }
        }
        let after = now(&way, ctx, &planned)?;
        if after != wanted {
            let [wanted, after] = [wanted, after].map(|dict| Value::Dict(dict).repr());
            return Err(Stop::Told(format!(
                "still not desired state, though changes have made - planned: {wanted}, after: {after}"
            )));
        }
    }
    let difference: Dict = [("before", before.clone()), ("after", wanted.clone())]
        .map(|(key, dict)| (key, Value::Dict(dict)))
        .into_iter()
        .collect();
    let outcome = Outcome::ok().changed_if(before != wanted).with("diff", difference);
    Ok(if told.is_empty() { outcome } else { outcome.with("msg", told.join("\n")) })
}

fn now(way: &Way, ctx: &Ctx, planned: &[(What, &str)]) -> Result<Dict, Stop> {
    let values = way.now(ctx, planned)?;
    let values: Vec<_> = planned
        .iter()
        .zip(&values)
        .map(|((what, _), value)| (*what, value.as_deref().unwrap_or(UNKNOWN)))
        .collect();
    Ok(as_dict(&values))
}

fn as_dict(values: &[(What, &str)]) -> Dict {
    values.iter().map(|(what, value)| (what.word(), Value::from(*value))).collect()
}

/// A word for whether the clock keeps UTC.
pub fn clock_of(is_utc: bool) -> String {
    if is_utc { "UTC" } else { "local" }.to_owned()
}

/// A path for messages.
pub fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
