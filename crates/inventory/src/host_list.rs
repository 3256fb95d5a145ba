//! `-i a,b:22,`: hosts named on the command line. The plugin `advanced_host_list` expands ranges.

use std::sync::Arc;

use nafal_base::Value;

use crate::address::{self, RangeFault, expand, split_port};
use crate::data::{Data, UNGROUPED};
use crate::error::Error;
use crate::source::Loader;

/// Adds the hosts of a list.
pub(crate) fn read(list: &Arc<str>, loader: &mut Loader) {
    for entry in entries(list) {
        // Ranges aren't names here.
        let parsed = address::parse(entry).filter(|(name, _)| !name.contains('['));
        if parsed.is_none() {
            unchanged(&format!("Not a valid network hostname: {entry}"), loader);
        }
        let (name, port) = parsed.unwrap_or((entry, None));
        add(list, name, port, &mut loader.data);
    }
}

/// The same, with ranges. What breaks the rules of ranges is a host's name.
pub(crate) fn read_ranges(list: &Arc<str>, loader: &mut Loader) -> Result<(), Error> {
    for entry in entries(list) {
        let (mut pattern, mut port) = split_port(entry);
        let mut names = Vec::new();
        match expand(pattern, &mut names) {
            Ok(()) => {}
            Err(RangeFault::Rule(rule)) => {
                unchanged(rule, loader);
                (pattern, port) = (entry, None);
                names = vec![pattern.to_owned()];
            }
            Err(fault) => {
                let why = fault.message();
                return Err(Error::source(format!(
                    "Invalid data from string, could not parse: {why}"
                )));
            }
        }
        for name in names {
            add(list, &name, port, &mut loader.data);
        }
    }
    Ok(())
}

fn unchanged(why: &str, loader: &mut Loader) {
    loader
        .data
        .notes
        .push(format!("Unable to parse address from hostname, leaving unchanged: {why}"));
}

fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|entry| !entry.is_empty())
}

fn add(list: &Arc<str>, name: &str, port: Option<u64>, data: &mut Data) {
    if data.host_id(name).is_some() {
        return;
    }
    let host = data.ensure_host(name, Some(list));
    if let Some(port) = port {
        data.set_host_variable(host, "ansible_port", Value::from(port));
    }
    data.add_host_to(UNGROUPED, host);
}
