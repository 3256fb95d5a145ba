//! What all plays together say of variables: which are read, tested, looked up. Must not know where a variable is defined.

use std::collections::HashSet;

use nafal_base::{Dict, Value};
use nafal_templating::analysis::{FactUses, Need, Uses, words};

use super::program::Program;
use super::uses::TaskUses;
use crate::context::VariableLayers;

/// Words about variables.
#[derive(Debug, Default)]
pub struct Known {
    /// What somebody reads or names.
    pub mentioned: HashSet<String>,
    /// What may be missing, and somebody knows it: tested with `is defined`, given a default, looked up by name.
    pub optional: HashSet<String>,
    /// Whether names are made while running: then anything may be read.
    pub any: bool,
    /// Which facts are read, beside those among the variables.
    pub facts: FactUses,
    layers: HashSet<usize>,
}

impl Known {
    /// Adds all tasks of a play, and the variables that stand around them.
    pub fn add(&mut self, program: &Program) {
        for task in program.all() {
            TaskUses::of(task).all().into_iter().for_each(|uses| self.take(uses));
            self.around(&task.context.layers);
            self.texts(&Value::Dict(task.keywords.vars.clone()));
            if task.action() == "ansible.builtin.set_fact" {
                self.texts(&Value::Dict(task.args.clone()));
            }
        }
        for export in &program.exports {
            self.dict(&export.defaults);
            self.dict(&export.vars);
        }
    }

    /// Adds what templates in a value use.
    pub fn value(&mut self, value: &Value) {
        let mut uses = Uses::default();
        uses.value(value);
        self.take(&uses);
    }

    /// Adds what variables say.
    pub fn variables(&mut self, dict: &Dict) {
        let value = Value::Dict(dict.clone());
        self.texts(&value);
        self.value(&value);
    }

    /// Adds what is used.
    pub fn take(&mut self, uses: &Uses) {
        self.mentioned.extend(uses.reads.iter().map(|one| one.name.clone()));
        self.mentioned.extend(uses.mentioned.iter().cloned());
        let guarded = uses.reads.iter().filter(|one| one.need == Need::Guarded);
        self.optional.extend(guarded.map(|one| one.name.clone()));
        self.optional.extend(uses.looked_up.iter().cloned());
        self.any |= uses.any;
        self.facts.take(&uses.facts);
    }

    fn around(&mut self, layers: &VariableLayers) {
        let lists = [
            &layers.role_defaults,
            &layers.role_vars,
            &layers.block_vars,
            &layers.role_params,
            &layers.include_params,
        ];
        lists.into_iter().flatten().for_each(|dict| self.dict(dict));
        self.dict(&layers.shared_defaults);
        self.dict(&layers.shared_vars);
        self.dict(&layers.play_vars);
        self.dict(&layers.task_vars);
    }

    /// Tasks of a role share its dicts: each is walked once.
    fn dict(&mut self, dict: &Dict) {
        if !dict.is_empty() && self.layers.insert(dict.identity()) {
            self.variables(dict);
        }
    }

    /// The text of a variable may be an expression for somebody else: `until: "{{ condition }}"`.
    fn texts(&mut self, value: &Value) {
        match value {
            Value::Str(text) => {
                self.mentioned.extend(words(text).map(str::to_owned));
                if !value.has_template() {
                    self.facts.any |= ["ansible_facts", "hostvars", "vars["]
                        .iter()
                        .any(|whole| text.contains(whole));
                }
            }
            Value::List(items) | Value::Tuple(items) => {
                items.iter().for_each(|item| self.texts(item));
            }
            Value::Dict(dict) => dict.values().for_each(|value| self.texts(value)),
            _ => {}
        }
    }
}
