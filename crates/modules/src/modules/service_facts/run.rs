//! Asking every kind of manager in turn. Must not know what they answer.

use nafal_base::{Dict, Outcome, Value};

use super::{openrc, systemd, sysv};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::Result;
use crate::registry::Module;
use crate::spec::Spec;

/// The table's line.
pub const MODULE: Module = Module { spec: Spec::new("service_facts", &[]), run };

fn run(_: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let mut services = Services::default();
    let is_openrc = openrc::add(ctx, &mut services)?;
    sysv::add(ctx, &mut services, is_openrc)?;
    systemd::add(ctx, &mut services)?;
    if services.0.is_empty() {
        let message = "Failed to find any services. This can be due to privileges or some other configuration issue.";
        return Ok(Outcome::skipped().with("msg", message));
    }
    let facts: Dict = [("services", Value::Dict(services.0))].into_iter().collect();
    Ok(Outcome::ok().with("ansible_facts", facts))
}

/// The services by name.
#[derive(Default)]
pub struct Services(Dict);

impl Services {
    /// Adds one with what is known of it, or puts it in the place of an older one.
    pub fn add<'v>(
        &mut self,
        name: &str,
        source: &str,
        known: impl IntoIterator<Item = (&'v str, Value)>,
    ) {
        let mut service: Dict = [("name", Value::from(name))].into_iter().collect();
        for (key, value) in known {
            service.insert(key, value);
        }
        service.insert("source", source.into());
        self.0.insert(name, service.into());
    }
}

/// Who asks for OpenRC's services needn't ask for others' scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenRc {
    /// It is there.
    Present,
    /// It isn't.
    Absent,
}
