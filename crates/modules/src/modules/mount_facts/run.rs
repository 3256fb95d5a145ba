//! What is told of each mount, which of them count, and which come first. Must not know tables.

use std::sync::mpsc::channel;

use nafal_base::{Dict, Outcome, Value};

use super::sources::Finder;
use super::table::Entry;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::facts::{Uuids, room};
use crate::files::Result;
use crate::glob;
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "mount_facts",
        &[
            Argument::list("sources", Kind::Str),
            Argument::new("mount_binary", Kind::Raw).or_text("mount"),
            Argument::list("devices", Kind::Str),
            Argument::list("fstypes", Kind::Str),
            Argument::new("timeout", Kind::Float),
            Argument::text("on_timeout").or_text("error").choices(&["error", "warn", "ignore"]),
            Argument::new("include_aggregate_mounts", Kind::Bool),
        ],
    ),
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let finder = Finder::new(args, ctx)?;
    let uuids = Uuids::read();
    let (mut points, mut all) = (Dict::new(), Vec::new());
    let mut repeated = Vec::new();
    for found in finder.find()? {
        let mut places: Vec<Value> = Vec::new();
        for entry in found.entries.iter().filter(|entry| is_wanted(args, entry)) {
            let facts = facts(&finder, &uuids, &found.source, entry)?;
            places.push(entry.place.as_str().into());
            if !points.contains(entry.place.as_str()) {
                points.insert(entry.place.as_str(), facts.clone());
            }
            all.push(facts);
        }
        let is_repeated = (1..places.len()).any(|end| places[..end].contains(&places[end]));
        if is_repeated {
            repeated.push(format!("{} ({})", found.source, Value::from(places).repr()));
        }
    }
    let aggregate = args.flag("include_aggregate_mounts");
    if aggregate.is_none() && !repeated.is_empty() {
        ctx.warn(format!(
            "mount_facts: ignoring repeat mounts in the following sources: {}. You can disable this warning by \
             configuring the 'include_aggregate_mounts' option as True or False.",
            repeated.join(", ")
        ));
    }
    let all = if aggregate == Some(true) { all } else { Vec::new() };
    let facts: Dict = [("mount_points", Value::Dict(points)), ("aggregate_mounts", all.into())]
        .into_iter()
        .collect();
    Ok(Outcome::ok().with("ansible_facts", facts))
}

fn is_wanted(args: &Arguments, entry: &Entry) -> bool {
    let is_like = |name: &str, text: &str| {
        let patterns = args.texts(name);
        patterns.is_empty() || patterns.iter().any(|pattern| glob::is_like(text, pattern))
    };
    is_like("devices", &entry.device) && is_like("fstypes", &entry.kind)
}

fn facts(finder: &Finder<'_>, uuids: &Uuids, source: &str, entry: &Entry) -> Result<Value> {
    let mut facts: Dict = [
        ("mount", Value::from(entry.place.as_str())),
        ("device", entry.device.as_str().into()),
        ("fstype", entry.kind.as_str().into()),
    ]
    .into_iter()
    .collect();
    for (name, value) in &entry.more {
        facts.insert(*name, value.clone());
    }
    let context: Dict =
        [("source", source), ("source_data", entry.said.as_str())].into_iter().map(text).collect();
    facts.insert("ansible_context", Value::Dict(context));
    for (name, value) in measured(finder, entry)?.iter() {
        facts.insert(name.clone(), value.clone());
    }
    let uuid = match entry.device.strip_prefix("UUID=") {
        Some(uuid) => Some(uuid),
        None => uuids.of(&entry.device),
    };
    facts.insert("uuid", uuid.map(Value::from).unwrap_or_default());
    Ok(Value::Dict(facts))
}

fn text((key, text): (&'static str, &str)) -> (&'static str, Value) {
    (key, Value::from(text))
}

/// How much room there is. A server that doesn't answer keeps whoever asks for good, so that somebody else asks
/// where the task has a limit.
fn measured(finder: &Finder<'_>, entry: &Entry) -> Result<Dict> {
    let Some(limit) = finder.limit else { return Ok(room(&entry.place).unwrap_or_default()) };
    let (sender, receiver) = channel();
    let place = entry.place.clone();
    std::thread::spawn(move || sender.send(room(&place).unwrap_or_default()));
    if let Ok(room) = receiver.recv_timeout(limit) {
        return Ok(room);
    }
    let seconds = Value::Float(limit.as_secs_f64()).repr();
    let (place, kind) = (&entry.place, &entry.kind);
    finder.timed_out(format!(
        "Timed out getting mount size for mount {place} (type {kind}) after {seconds} seconds"
    ))?;
    Ok(Dict::new())
}
