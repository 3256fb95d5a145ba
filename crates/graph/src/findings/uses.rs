//! What a task's templates use, by when they are rendered.

use nafal_base::{Template, Value};
use nafal_parser::playbook::ast::{LoopSource, Register};
use nafal_templating::analysis::Uses;

use crate::node::TaskNode;

/// What a task uses.
#[derive(Debug, Default)]
pub struct TaskUses {
    /// Before it runs: conditions, the loop, arguments, where and as whom.
    pub before: Uses,
    /// When it has run, and registered.
    pub after: Uses,
    /// Without failing when it isn't there, or only if something else asks for it: names, its own variables.
    pub loosely: Uses,
}

impl TaskUses {
    /// What this task uses.
    pub fn of(task: &TaskNode) -> TaskUses {
        let mut uses = TaskUses::default();
        uses.arguments(task);
        uses.keywords(task);
        uses.repetition(task);
        uses.result(task);
        uses
    }

    /// All of them.
    pub fn all(&self) -> [&Uses; 3] {
        [&self.before, &self.after, &self.loosely]
    }

    fn arguments(&mut self, task: &TaskNode) {
        let before = &mut self.before;
        for (key, value) in &task.args {
            // Arguments that are expressions without braces.
            let is_expression = matches!(
                (task.action(), key.as_str()),
                ("ansible.builtin.assert", Some("that")) | ("ansible.builtin.debug", Some("var"))
            );
            if is_expression && !value.has_template() {
                before.condition(value);
            } else {
                before.value(key.value());
                before.value(value);
            }
        }
        task.raw.iter().chain(&task.args_template).for_each(|text| before.template(text));
    }

    fn keywords(&mut self, task: &TaskNode) {
        let keywords = &task.keywords;
        keywords.when.iter().for_each(|condition| self.before.condition(condition));
        keywords.environment.iter().chain(&task.notify).for_each(|value| self.before.value(value));
        let texts = [
            &keywords.delegate_to,
            &keywords.become_user,
            &keywords.become_method,
            &keywords.become_flags,
            &keywords.become_exe,
            &keywords.connection,
            &keywords.remote_user,
        ];
        texts.into_iter().for_each(|text| written(&mut self.before, text.as_ref()));
        let flags = [
            &keywords.r#become,
            &keywords.no_log,
            &keywords.ignore_errors,
            &keywords.check_mode,
            &keywords.diff,
            &keywords.run_once,
            &keywords.delegate_facts,
            &keywords.ignore_unreachable,
            &keywords.any_errors_fatal,
        ];
        flags.into_iter().for_each(|flag| written(&mut self.loosely, flag.as_ref()));
        let numbers = [&keywords.port, &keywords.throttle, &keywords.timeout];
        numbers.into_iter().for_each(|number| written(&mut self.loosely, number.as_ref()));
        written(&mut self.loosely, task.name.as_ref());
        written(&mut self.loosely, keywords.debugger.as_ref());
        let loose = keywords.module_defaults.iter().chain(&keywords.tags).chain(&task.listen);
        loose.for_each(|value| self.loosely.value(value));
        self.loosely.value(&Value::Dict(keywords.vars.clone()));
    }

    fn repetition(&mut self, task: &TaskNode) {
        if let Some(repeat) = &task.repeat {
            match &repeat.source {
                LoopSource::Items(value) => self.before.value(value),
                LoopSource::Lookup { name, terms } => {
                    self.before.value(terms);
                    self.before.lookup(name);
                }
            }
        }
        let control = &task.loop_control;
        control.label.iter().for_each(|label| self.loosely.value(label));
        written(&mut self.loosely, control.loop_var.as_ref());
        written(&mut self.loosely, control.index_var.as_ref());
        written(&mut self.before, control.pause.as_ref());
        control.break_when.iter().for_each(|condition| self.after.condition(condition));
    }

    fn result(&mut self, task: &TaskNode) {
        let after = task
            .until
            .iter()
            .chain(task.changed_when.iter().flatten())
            .chain(task.failed_when.iter().flatten());
        after.for_each(|condition| self.after.condition(condition));
        written(&mut self.after, task.retries.as_ref());
        written(&mut self.after, task.delay.as_ref());
        if let Some(Register::Projections(projections)) = &task.register {
            for (_, expression) in projections {
                self.loosely.condition(expression);
                self.loosely.value(expression);
            }
        }
        if let Some((seconds, poll)) = &task.background {
            written(&mut self.before, Some(seconds));
            written(&mut self.before, poll.as_ref());
        }
    }
}

fn written<T>(uses: &mut Uses, template: Option<&Template<T>>) {
    if let Some(template) = template {
        uses.value(&template.source);
    }
}

/// The names that a task's loop gives values to.
pub fn loop_names(task: &TaskNode) -> Vec<String> {
    if task.repeat.is_none() {
        return Vec::new();
    }
    let control = &task.loop_control;
    let text = |name: &Option<Template<String>>| {
        name.as_ref().map(|name| name.source.to_text().into_owned())
    };
    let item = text(&control.loop_var).unwrap_or_else(|| "item".to_owned());
    let own = ["ansible_loop", "ansible_loop_var", "ansible_index_var"].map(str::to_owned);
    [item].into_iter().chain(text(&control.index_var)).chain(own).collect()
}
