//! What tasks say of themselves beside their name and arguments, for whoever listens and wants to know. Must not
//! know who that is: where nobody asks, nothing is gathered.

use nafal_base::{Dict, Event, Template, Value};
use nafal_graph::TaskNode;
use nafal_parser::playbook::ast::{LoopSource, Register};

use super::play_run::PlayRun;

impl PlayRun<'_> {
    /// Tells a task's keywords before it is named for the first time.
    pub(super) fn describe(&mut self, node: &TaskNode) {
        if self.sink.wants_keywords() && self.described.insert(node.info.id) {
            let keywords = keywords_of(node);
            self.emit(&Event::TaskDescribed { task: node.info.id, keywords });
        }
    }
}

/// Keywords as they are written, under the names that stock's tasks have for them.
fn keywords_of(node: &TaskNode) -> Dict {
    let mut told = Dict::new();
    let own = &node.keywords;
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            told.insert(name, value);
        }
    };
    let list = |values: &[Value]| (!values.is_empty()).then(|| Value::from(values.to_vec()));
    add("when", list(&own.when));
    add("until", list(&node.until));
    add("notify", list(&node.notify));
    add("listen", list(&node.listen));
    add("environment", list(&own.environment));
    add("changed_when", node.changed_when.as_deref().and_then(list));
    add("failed_when", node.failed_when.as_deref().and_then(list));
    add("register", node.register.as_ref().map(registered));
    match node.repeat.as_ref().map(|repeat| &repeat.source) {
        Some(LoopSource::Items(items)) => add("loop", Some(items.clone())),
        Some(LoopSource::Lookup { name, terms }) => {
            add("loop_with", Some(Value::from(name.as_str())));
            add("loop", Some(terms.clone()));
        }
        None => {}
    }
    add("retries", written(node.retries.as_ref()));
    add("delay", written(node.delay.as_ref()));
    if let Some((seconds, poll)) = &node.background {
        add("async_val", Some(seconds.source.clone()));
        add("poll", written(poll.as_ref()));
    }
    add("delegate_to", written(own.delegate_to.as_ref()));
    add("delegate_facts", written(own.delegate_facts.as_ref()));
    add("become", written(own.r#become.as_ref()));
    add("become_user", written(own.become_user.as_ref()));
    add("become_method", written(own.become_method.as_ref()));
    add("remote_user", written(own.remote_user.as_ref()));
    add("connection", written(own.connection.as_ref()));
    add("ignore_errors", written(own.ignore_errors.as_ref()));
    add("ignore_unreachable", written(own.ignore_unreachable.as_ref()));
    add("any_errors_fatal", written(own.any_errors_fatal.as_ref()));
    add("run_once", written(own.run_once.as_ref()));
    add("throttle", written(own.throttle.as_ref()));
    add("timeout", written(own.timeout.as_ref()));
    add("check_mode", written(own.check_mode.as_ref()));
    add("diff", written(own.diff.as_ref()));
    told
}

fn written<T>(keyword: Option<&Template<T>>) -> Option<Value> {
    keyword.map(|keyword| keyword.source.clone())
}

fn registered(register: &Register) -> Value {
    let names: Vec<Value> = register.names().map(|name| Value::text(name.as_str())).collect();
    match (register, names) {
        (Register::Whole(_), mut names) => names.pop().unwrap_or_default(),
        (Register::Projections(_), names) => Value::from(names),
    }
}
