//! A task's arguments, rendered for one host.

use nafal_actions::Raw;
use nafal_base::{Dict, Span, Text, Value};
use nafal_templating::{ErrorKind, Renderer};

use crate::prepared::Prepared;
use crate::worker::fault::Fault;

/// Arguments with their free-form text.
pub(crate) struct Finalized {
    pub args: Dict,
    pub raw: Option<Text>,
}

/// Renders everything that the task passes to its action.
pub(crate) fn finalize(task: &Prepared, renderer: &Renderer<'_>) -> Result<Finalized, Fault> {
    let node = &task.node;
    let mut args = Dict::with_capacity(node.args.len() + 1);
    if let Some(template) = &node.args_template {
        for (key, value) in &below(template, renderer).map_err(|fault| within(task, fault))? {
            args.insert(key.clone(), value.clone());
        }
    }
    if args.is_empty() && !node.args.marks().intersects(unsettled()) {
        args = node.args.clone();
    } else {
        for (key, value) in &node.args {
            match render(&key.value().to_text(), value, renderer) {
                Ok(Some(value)) => {
                    args.insert(key.clone(), value);
                }
                Ok(None) => {}
                Err(fault) => return Err(within(task, fault)),
            }
        }
    }
    let raw = match &node.raw {
        Some(text) => match render("_raw_params", &Value::Str(text.clone()), renderer) {
            Ok(Some(value)) => Some(match value {
                Value::Str(text) => text,
                other => Text::new(other.to_text().into_owned()),
            }),
            Ok(None) => None,
            Err(fault) => return Err(within(task, fault)),
        },
        None => None,
    };
    Ok(Finalized { args, raw })
}

fn unsettled() -> nafal_base::Marks {
    nafal_base::Marks::TEMPLATE | nafal_base::Marks::UNSETTLED
}

/// `args: "{{ … }}"`.
fn below(template: &Text, renderer: &Renderer<'_>) -> Result<Dict, Fault> {
    let value = renderer.render_text(template).map_err(|error| {
        Fault::of("Error while resolving value for 'args'", &error, template.span())
    })?;
    match value {
        Value::Dict(dict) => Ok(dict),
        Value::None => Ok(Dict::new()),
        other => Err(Fault::new(
            format!("invalid or malformed argument: '{}'", other.to_text()),
            template.span().cloned(),
        )),
    }
}

/// One argument; None when it is omitted.
fn render(name: &str, value: &Value, renderer: &Renderer<'_>) -> Result<Option<Value>, Fault> {
    if value.is_settled() {
        return Ok(Some(value.clone()));
    }
    match renderer.render(value) {
        Ok(rendered) => Ok(Some(rendered)),
        Err(error) if matches!(error.kind(), ErrorKind::Omit) => Ok(None),
        Err(error) => {
            let prefix = format!("Error while resolving value for '{name}'");
            let written = value.span();
            // An error in a variable's own template is told where that stands, below this.
            let elsewhere = matches!(value, Value::Str(_))
                && error.span().is_some_and(|span| Some(span) != written);
            Err(if elsewhere {
                Fault::of("", &error, None).below(prefix, written.cloned())
            } else {
                Fault::of(&prefix, &error, written)
            })
        }
    }
}

/// The fault as a step of finalising this task's arguments.
fn within(task: &Prepared, fault: Fault) -> Fault {
    let span: Option<Span> = Some(task.node.action_span.clone());
    fault.below(
        format!("Finalization of task args for '{}' failed", task.node.info.resolved_action),
        span,
    )
}

/// Free-form text where the action takes none.
pub(crate) fn refuse_raw(task: &Prepared, raw: Option<&Text>) -> Result<(), Fault> {
    let refused = task.action.is_some_and(|action| action.raw == Raw::Refused);
    if refused && raw.is_some_and(|text| !text.is_empty()) {
        return Err(Fault::new(
            format!("Action '{}' does not support raw params.", task.node.info.resolved_action),
            Some(task.node.action_span.clone()),
        ));
    }
    Ok(())
}
