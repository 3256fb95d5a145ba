//! Where a task with `delegate_to` runs. Must not know what it does there.

use nafal_base::HostName;
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
    let address = {
        let renderer = Renderer::new(&inner, &*job.task.effects);
        let value = inner.given_address().and_then(|value| renderer.render(&value).ok());
        value.map(|value| value.to_text().into_owned())
    };
    let shown = match address {
        Some(address) if address != name => format!("{name}({address})"),
        _ => name,
    };
    Ok(Some(Delegate { name: host, shown, scope: inner }))
}
