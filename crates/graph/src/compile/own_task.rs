//! Tasks that nobody wrote: the play's gathering of facts, the look at a role's arguments. Must not know when
//! they are added.

use nafal_base::{Dict, Span, Template, Value};
use nafal_parser::playbook::ast::{ActionCall, Keywords, LoopControl, Play, Task, TaskOrigin};

/// The same for a play: with tags of its own the play decides (case `tags-of-plays`).
pub(super) fn task_of_play(play: &Play, mut task: Task) -> Task {
    if !play.keywords.tags.is_empty() {
        task.keywords.tags.clear();
    }
    task
}

/// A task with a name, an action and its arguments, which is always tried whatever the tags.
pub(super) fn own_task(
    origin: TaskOrigin,
    span: Span,
    name: &str,
    action: &str,
    args: Dict,
) -> Task {
    Task {
        span: span.clone(),
        keywords: Keywords {
            name: Some(Template::new(Value::from(name), None)),
            tags: vec![Value::from("always")],
            // Each host has facts of its own, whatever the play says (case `gathering-run-once`).
            run_once: Some(Template::new(Value::Bool(false), None)),
            ..Keywords::default()
        },
        action: ActionCall {
            name: action.to_owned(),
            span,
            args,
            raw: None,
            args_template: None,
            local: false,
        },
        register: None,
        repeat: None,
        loop_control: LoopControl::default(),
        until: Vec::new(),
        retries: None,
        delay: None,
        changed_when: None,
        failed_when: None,
        notify: Vec::new(),
        listen: Vec::new(),
        r#async: None,
        poll: None,
        delegate_to: None,
        delegate_facts: None,
        origin,
    }
}
