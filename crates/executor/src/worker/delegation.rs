//! Where a task with `delegate_to` runs. Must not know what it does there.

use nafal_base::{HostName, Scope, Template, Value};
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use crate::worker::fault::Fault;
use crate::worker::job::Job;
use crate::worker::keywords::optional;
use crate::worker::once::{Item, Settled};

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
    item: Option<&Item<'_>>,
    settled: &mut Settled,
) -> Result<Option<Delegate>, Fault> {
    let Some(keyword) = &job.task.node.keywords.delegate_to else { return Ok(None) };
    if keyword.source.as_str().is_some_and(str::is_empty) {
        return Ok(None);
    }
    let rendered = match renderer.render(&keyword.source) {
        Err(error) if matches!(error.kind(), nafal_templating::ErrorKind::Omit) => {
            return Ok(None);
        }
        rendered => rendered,
    };
    let unusable = |settled: &mut Settled| {
        // The line of the failure names what was written.
        let written = keyword.source.to_text().into_owned();
        settled.delegate =
            Some(Delegate { name: job.name.clone(), shown: written.clone(), scope: scope.clone() });
        written
    };
    let name = match rendered {
        Ok(Value::None) => String::new(),
        Ok(name) => name.to_text().into_owned(),
        Err(error) => {
            unusable(settled);
            return Err(Fault::of("", &error, keyword.span.as_ref()));
        }
    };
    if name.is_empty() {
        // Whatever the task's condition says (case `delegate-empty`).
        let written = unusable(settled);
        let message = format!("Empty hostname produced from delegate_to: \"{written}\"");
        return Err(Fault::new(message, None));
    }
    let host = HostName::from(name.as_str());
    let inner = scope.on_host(&host);
    // That of a host that is its own delegate isn't told, nor those of a loop's later items (case `connection-variables`).
    let is_later = item.is_some_and(|item| item.index > 0);
    let address = address(job, &inner).filter(|_| host != job.name && !is_later);
    let shown = match address {
        Some(address) if address != name => format!("{name}({address})"),
        _ => name,
    };
    Ok(Some(Delegate { name: host, shown, scope: inner }))
}

/// The task's variables with what tells of the host that it is delegated to, and of keywords that are templates; None when there
/// is none of either.
pub(crate) fn seen(
    job: &Job,
    scope: &TaskScope,
    renderer: &Renderer<'_>,
    settled: &Settled,
) -> Option<TaskScope> {
    let keywords = &job.task.node.keywords;
    let written = [&keywords.connection, &keywords.remote_user];
    let by_templates = written.into_iter().flatten().any(Template::is_dynamic).then(|| {
        // What can't be rendered fails the task later (case `undefined-places`).
        let said = |keyword: &Option<Template<String>>| {
            optional("", keyword.as_ref(), renderer).ok().flatten()
        };
        let [connection, user]: [Option<String>; 2] = written.map(said);
        scope.reached_by(connection.as_deref(), user.as_deref())
    });
    let Some(delegate) = &settled.delegate else { return by_templates };
    let mut scope = by_templates.unwrap_or_else(|| scope.clone());
    scope.with_delegated(&delegate.scope);
    Some(scope)
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
    let default = || {
        let transport = job.shared.services.settings().defaults.connection.as_deref();
        Value::from(transport.unwrap_or("ssh"))
    };
    let name = said.and_then(|said| renderer.render(&said).ok()).unwrap_or_else(default);
    let name = name.to_text();
    match name.strip_prefix("ansible.legacy.") {
        Some(short) => format!("ansible.builtin.{short}"),
        None if name.contains('.') => name.into_owned(),
        None => format!("ansible.builtin.{name}"),
    }
}
