//! Keywords that decide how a task is handed out, rendered for the first of its hosts. Must not
//! know what the task does.

use nafal_base::{Diagnostic, Scope, Span, Template, Value};
use nafal_templating::{FromValue, Renderer};
use nafal_variables::TaskScope;

use super::play_run::PlayRun;
use crate::error::Error;
use crate::prepared::Prepared;
use crate::track::HostIndex;

impl PlayRun<'_> {
    /// A keyword for the first of these hosts. None when it isn't there or isn't of its kind, which
    /// the workers tell.
    pub(super) fn keyword<T: FromValue>(
        &self,
        prepared: &Prepared,
        template: Option<&Template<T>>,
        hosts: &[HostIndex],
    ) -> Result<Option<T>, Error> {
        let Some(template) = template else { return Ok(None) };
        let rendered = self.rendered(prepared, &template.source, hosts);
        let Some(value) = rendered.map_err(|error| fatal("", &error, template.span.as_ref()))?
        else {
            return Ok(None);
        };
        Ok(T::from_value(value).ok())
    }

    /// Whether the task runs for the first host alone. What is no bool is as good as true: the
    /// task fails for that host.
    pub(super) fn runs_once(
        &self,
        prepared: &Prepared,
        hosts: &[HostIndex],
    ) -> Result<bool, Error> {
        let keyword = prepared.node.keywords.run_once.as_ref();
        let is_there = keyword.is_some_and(|keyword| !keyword.source.is_none());
        Ok(is_there && self.keyword(prepared, keyword, hosts)?.unwrap_or(true))
    }

    /// On how many hosts at once the task may run; as many as there are when it doesn't say.
    pub(super) fn throttle(
        &self,
        prepared: &Prepared,
        hosts: &[HostIndex],
    ) -> Result<usize, Error> {
        let Some(keyword) = &prepared.node.keywords.throttle else { return Ok(usize::MAX) };
        let prefix = "Failed to convert the throttle value to an integer: ";
        let rendered = self.rendered(prepared, &keyword.source, hosts);
        let value = rendered.map_err(|error| fatal(prefix, &error, keyword.span.as_ref()))?;
        let Some(value) = value else { return Ok(usize::MAX) };
        match to_int(&value) {
            Ok(number) => Ok(usize::try_from(number).ok().filter(|n| *n > 0).unwrap_or(usize::MAX)),
            Err(reason) => {
                let told = Diagnostic::error(format!("{prefix}{reason}")).at(keyword.span.clone());
                Err(Error::Fatal(Box::new(told)))
            }
        }
    }

    /// None for `omit` and null.
    fn rendered(
        &self,
        prepared: &Prepared,
        source: &Value,
        hosts: &[HostIndex],
    ) -> Result<Option<Value>, nafal_templating::Error> {
        let Some(name) = hosts.first().and_then(|&host| self.name(host)) else { return Ok(None) };
        let scope = TaskScope::new(&self.shared.store, &name, &self.shared.play, &prepared.layers);
        let renderer = Renderer::new(&scope as &dyn Scope, &*prepared.effects);
        match renderer.render(source) {
            Ok(Value::None) => Ok(None),
            Ok(value) => Ok(Some(value)),
            Err(error) if matches!(error.kind(), nafal_templating::ErrorKind::Omit) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn fatal(prefix: &str, error: &nafal_templating::Error, span: Option<&Span>) -> Error {
    let mut told = error.to_diagnostic();
    told.message = format!("{prefix}{}", told.message);
    told.span = told.span.or_else(|| span.cloned());
    Error::Fatal(Box::new(told))
}

/// What Python's `int()` makes of a value, or what it says.
fn to_int(value: &Value) -> Result<i64, String> {
    match value {
        Value::Int(number) => Ok(*number),
        Value::Bool(flag) => Ok(i64::from(*flag)),
        Value::Float(number) => Ok(*number as i64),
        Value::Str(text) => text
            .trim()
            .parse()
            .map_err(|_| format!("invalid literal for int() with base 10: {}", value.repr())),
        other => Err(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            other.type_name()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ints_as_python_reads_them() {
        assert_eq!(to_int(&Value::from(" 3 ")), Ok(3));
        assert_eq!(to_int(&Value::Float(2.9)), Ok(2));
        assert!(to_int(&Value::from("few")).unwrap_err().ends_with("base 10: 'few'"));
        assert!(to_int(&Value::List(Default::default())).unwrap_err().ends_with("not 'list'"));
    }
}
