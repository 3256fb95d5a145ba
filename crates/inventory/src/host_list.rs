//! `-i a,b:22,`: hosts named on the command line. The plugin `advanced_host_list` expands ranges.

use std::sync::Arc;

use nafal_base::Value;

use crate::address::{expand, split_port};
use crate::data::{Data, UNGROUPED};
use crate::error::Error;

/// Adds the hosts of a list.
pub(crate) fn read(list: &Arc<str>, data: &mut Data) {
    for entry in entries(list) {
        let (name, port) = split_port(entry);
        add(list, name, port, data);
    }
}

/// The same, with ranges.
pub(crate) fn read_ranges(list: &Arc<str>, data: &mut Data) -> Result<(), Error> {
    for entry in entries(list) {
        let (pattern, port) = split_port(entry);
        let mut names = Vec::new();
        expand(pattern, &mut names)?;
        for name in names {
            add(list, &name, port, data);
        }
    }
    Ok(())
}

fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|entry| !entry.is_empty())
}

fn add(list: &Arc<str>, name: &str, port: Option<u16>, data: &mut Data) {
    if data.host_id(name).is_some() {
        return;
    }
    let host = data.ensure_host(name, Some(list));
    if let Some(port) = port {
        data.set_host_variable(host, "ansible_port", Value::from(port));
    }
    data.add_host_to(UNGROUPED, host);
}
