//! `-i a,b:22,`: hosts named on the command line. Ranges aren't expanded.

use std::sync::Arc;

use nafal_base::Value;

use crate::address::split_port;
use crate::data::{Data, UNGROUPED};

/// Adds the hosts of a list.
pub(crate) fn read(list: &Arc<str>, data: &mut Data) {
    for entry in list.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        let (name, port) = split_port(entry);
        if data.host_id(name).is_some() {
            continue;
        }
        let host = data.ensure_host(name, Some(list));
        if let Some(port) = port {
            data.set_host_variable(host, "ansible_port", Value::from(port));
        }
        data.add_host_to(UNGROUPED, host);
    }
}
