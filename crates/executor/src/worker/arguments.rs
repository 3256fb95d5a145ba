//! A task's arguments, rendered for one host.

use nafal_actions::{ActionKind, Finder, Raw};
use nafal_base::{Diagnostic, Dict, Key, Span, Text, Value};
use nafal_templating::{ErrorKind, Renderer};

use crate::prepared::Prepared;
use crate::worker::callee::{Called, Callee};
use crate::worker::fault::Fault;

/// Arguments with their free-form text.
pub(crate) struct Finalized {
    pub args: Dict,
    pub raw: Option<Text>,
}

/// Renders everything that the task passes to its action.
pub(crate) fn finalize(
    task: &Prepared,
    callee: &Callee,
    finder: &Finder,
    renderer: &Renderer<'_>,
) -> Result<Finalized, Fault> {
    let node = &task.node;
    let whole = whole_template(task, callee);
    let mut below_args = Dict::new();
    for template in node.args_template.iter().chain(whole) {
        let found = below(task, template, renderer).map_err(|fault| within(task, fault))?;
        below_args.edit(|args| args.extend(found.iter().map(pair)));
    }
    let written = node.raw.as_ref().filter(|_| whole.is_none());
    // The free text's name stands before all others.
    let raw = match written {
        Some(text) => render("_raw_params", &Value::Str(text.clone()), renderer)
            .map_err(|fault| within(task, fault))?,
        None => None,
    };
    let defaults = defaults(task, (&callee.info.resolved_action, finder), renderer)?;
    let mut args = if defaults.is_empty() && below_args.is_empty() {
        if node.args.marks().intersects(unsettled()) {
            rendered(task, &node.args, renderer)?
        } else {
            node.args.clone()
        }
    } else {
        let mut all = defaults;
        all.edit(|all| {
            all.extend(below_args.iter().map(pair));
            all.extend(node.args.iter().map(pair));
        });
        rendered(task, &all.in_order_of_names(), renderer)?
    };
    let raw = match raw {
        Some(Value::Str(text)) => Some(text),
        Some(value) if keeps(callee, &value) => {
            args.insert("_raw_params", value);
            None
        }
        Some(other) => Some(Text::new(other.to_text().into_owned())),
        None => None,
    };
    Ok(Finalized { args, raw })
}

fn pair((key, value): (&Key, &Value)) -> (Key, Value) {
    (key.clone(), value.clone())
}

/// All of them, in their order: the first that can't be rendered is told.
fn rendered(task: &Prepared, all: &Dict, renderer: &Renderer<'_>) -> Result<Dict, Fault> {
    let mut args = Dict::with_capacity(all.len() + 1);
    for (key, value) in all {
        let name = key.value().to_text();
        if task.is_include() && name == "apply" && matches!(value, Value::Dict(_)) {
            args.insert(key.clone(), value.clone());
            continue;
        }
        let rendered = if nafal_actions::takes_conditions(task.node.action(), &name) {
            Ok(Some(conditions(value, renderer)))
        } else {
            render(told_name(task, &name), value, renderer)
        };
        if let Some(value) = rendered.map_err(|fault| within(task, fault))? {
            args.insert(key.clone(), value);
        }
    }
    Ok(args)
}

/// Stock takes the file of an include for its free text.
fn told_name<'a>(task: &Prepared, name: &'a str) -> &'a str {
    let is_file = name == "file" && task.node.info.resolved_action.ends_with(".include_tasks");
    if is_file { "_raw_params" } else { name }
}

/// `module_defaults`, as they are written.
fn defaults(
    task: &Prepared,
    (action, finder): (&str, &Finder),
    renderer: &Renderer<'_>,
) -> Result<Dict, Fault> {
    let levels = &task.node.keywords.module_defaults;
    if levels.is_empty() {
        return Ok(Dict::new());
    }
    nafal_actions::defaults_of(levels, action, finder, renderer).map_err(Fault)
}

/// Whether the action wants its free text as what a template made of it.
fn keeps(callee: &Callee, value: &Value) -> bool {
    match &callee.what {
        Called::Users(_) => true,
        Called::Own(action) => {
            !matches!(action.kind, ActionKind::Module) && matches!(value, Value::Dict(_))
        }
    }
}

/// `debug: "{{ arguments }}"`, for actions that take no text.
fn whole_template<'t>(task: &'t Prepared, callee: &Callee) -> Option<&'t Text> {
    let text = task.node.raw.as_ref().filter(|_| callee.free_text() == Raw::Refused)?;
    // With a blank around it is text like any other.
    is_one_template(text, text).then_some(text)
}

/// Whether this part of a text is a template from its begin to its end.
fn is_one_template(text: &Text, part: &str) -> bool {
    text.is_template() && part.starts_with("{{") && part.ends_with("}}")
}

fn unsettled() -> nafal_base::Marks {
    nafal_base::Marks::TEMPLATE | nafal_base::Marks::UNSETTLED
}

/// `args: "{{ … }}"`.
fn below(task: &Prepared, template: &Text, renderer: &Renderer<'_>) -> Result<Dict, Fault> {
    let warning = Diagnostic::warning("Using a template for task args is unsafe in some situations (see https://docs.ansible.com/ansible/devel/reference_appendices/faq.html#argsplat-unsafe).").at(template.span().cloned());
    task.effects.tell(warning);
    let value = match renderer.render_text(template) {
        Err(error) if matches!(error.kind(), ErrorKind::Omit) => return Ok(Dict::new()),
        value => value.map_err(|error| Fault::of("", &error, template.span()))?,
    };
    match value {
        Value::Dict(dict) => Ok(dict),
        other => Err(Fault::new(
            format!("Task args must resolve to a 'dict' not '{}'.", other.type_name()),
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
            let elsewhere = error.span().is_some_and(|span| Some(span) != written);
            Err(if elsewhere {
                Fault::of("", &error, None).below(prefix, written.cloned())
            } else {
                Fault::of(&prefix, &error, written)
            })
        }
    }
}

/// Conditions are evaluated by the action, so they stay as they are written; only a template alone may stand for a list of them, which
/// are as that list has them (cases `assert-constants`, `assert-lists`).
fn conditions(value: &Value, renderer: &Renderer<'_>) -> Value {
    let Value::Str(text) = value else { return value.clone() };
    if !is_one_template(text, text) {
        return value.clone();
    }
    match renderer.container(text) {
        Ok(Value::List(items)) if !items.iter().any(Value::is_undefined) => Value::List(items),
        // What is wrong with it is told as of a condition.
        _ => value.clone(),
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
pub(crate) fn refuse_raw(
    task: &Prepared,
    callee: &Callee,
    raw: Option<&Text>,
) -> Result<(), Fault> {
    let is_users = matches!(callee.what, Called::Users(_));
    let is_key = is_users && task.node.args.contains("_raw_params");
    if callee.free_text() == Raw::Refused && (is_key || raw.is_some_and(|text| !text.is_empty())) {
        return Err(Fault::new(
            format!("Action '{}' does not support raw params.", callee.info.resolved_action),
            Some(task.node.action_span.clone()),
        ));
    }
    Ok(())
}
