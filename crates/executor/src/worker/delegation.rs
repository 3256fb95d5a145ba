//! Where a task with `delegate_to` runs. Must not know what it does there.

use nafal_base::{HostName, Scope};
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use crate::worker::fault::Fault;
use crate::worker::job::Job;
use crate::worker::once::Settled;

/// The host that a task runs on instead of its own.
pub(crate) struct Delegate {
    pub name: HostName,
    pub shown: String,
    pub scope: TaskScope,
}

/// That host, when the task names one.
pub(crate) fn delegate(
    job: &Job,
    scope: &TaskScope,
    renderer: &Renderer<'_>,
    settled: &mut Settled,
) -> Result<Option<Delegate>, Fault> {
    let Some(keyword) = &job.task.node.keywords.delegate_to else { return Ok(None) };
    let name = match renderer.render(&keyword.source) {
        Ok(name) => name.to_text().into_owned(),
        Err(error) if matches!(error.kind(), nafal_templating::ErrorKind::Omit) => {
            return Ok(None);
        }
        Err(error) => {
            // The line of the failure names what was written.
            let written = keyword.source.to_text().into_owned();
            settled.delegate =
                Some(Delegate { name: job.name.clone(), shown: written, scope: scope.clone() });
            return Err(Fault::of("", &error, keyword.span.as_ref()));
        }
    };
    if name.is_empty() {
        return Ok(None);
    }
    let host = HostName::from(name.as_str());
    let inner = scope.on_host(&host);
    let address = address(job, &inner);
    let shown = match address {
        Some(address) if address != name => format!("{name}({address})"),
        _ => name,
    };
    Ok(Some(Delegate { name: host, shown, scope: inner }))
}

/// The address that a host is reached at. What runs here reaches none (case `delegate-addresses`).
fn address(job: &Job, scope: &TaskScope) -> Option<String> {
    let renderer = Renderer::new(scope, &*job.task.effects);
    let address = renderer.render(&scope.given_address()?).ok()?.to_text().into_owned();
    (connection(job, scope) != "ansible.builtin.local").then_some(address)
}

/// The full name of the connection that a task has on the host of these variables.
pub(crate) fn connection(job: &Job, scope: &TaskScope) -> String {
    let renderer = Renderer::new(scope, &*job.task.effects);
    let keyword = job.task.node.keywords.connection.as_ref();
    let said = scope.get("ansible_connection");
    let said = said.or_else(|| keyword.map(|keyword| keyword.source.clone()));
    let name = said.and_then(|said| renderer.render(&said).ok()).unwrap_or_default();
    let name = name.to_text();
    match name.strip_prefix("ansible.legacy.") {
        Some(short) => format!("ansible.builtin.{short}"),
        None if name.contains('.') => name.into_owned(),
        None => format!("ansible.builtin.{name}"),
    }
}
