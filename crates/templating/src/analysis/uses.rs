//! How templates use variables, for who looks at playbooks without running them: what must be there, what is asked for with a
//! guard, and what is only named. Must not know scopes.

use std::collections::HashSet;

use nafal_base::{Dict, Key, Span, Text, Value};

use super::walk::{Walk, is_foreign_lookup};
use crate::ast::Name;
use crate::compile;
use crate::context::DocumentOptions;
use crate::frontend;
use crate::scan::Strings;

/// How much a template needs a variable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Need {
    /// Rendering it fails without it.
    #[default]
    Needed,
    /// Only some ways through the template read it.
    Perhaps,
    /// It is tested with `is defined`, or has a default.
    Guarded,
}

/// A read of a variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// The variable.
    pub name: String,
    /// Where its template begins.
    pub span: Option<Span>,
    /// How much it is needed.
    pub need: Need,
}

/// What templates use.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    /// Reads by name.
    pub reads: Vec<Use>,
    /// Words in attributes and constants: `hostvars[h].name`, `map('extract', …)`, a query.
    pub mentioned: HashSet<String>,
    /// Words in constants of templates that look variables up by such: `lookup('vars', 'name')`, `'name' in vars`.
    pub looked_up: HashSet<String>,
    /// Whether variables are looked up by names that are made while running.
    pub any: bool,
    /// Facts.
    pub facts: FactUses,
}

/// Which facts templates use, beside those among the variables they read.
#[derive(Clone, Debug, Default)]
pub struct FactUses {
    /// What is read of `ansible_facts`, by its name there.
    pub names: HashSet<String>,
    /// Whether any fact may be read: all of them go somewhere, or what isn't nafal's own sees them.
    pub any: bool,
    /// Files that are templates too (`{% include %}`).
    pub files: HashSet<String>,
}

impl FactUses {
    /// Adds others.
    pub fn take(&mut self, other: &FactUses) {
        self.names.extend(other.names.iter().cloned());
        self.files.extend(other.files.iter().cloned());
        self.any |= other.any;
    }

    fn walked(&mut self, walk: &Walk) {
        self.names.extend(walk.facts.iter().map(ToString::to_string));
        // `selectattr('ansible_facts.name')`
        let is_named = walk.constants.iter().any(|text| text.contains("ansible_facts"));
        self.any |= walk.is_whole || walk.is_foreign || is_named;
        for file in &walk.files {
            match file {
                Some(file) => drop(self.files.insert(file.to_string())),
                None => self.any = true,
            }
        }
    }
}

impl Uses {
    /// Adds what rendering a value uses.
    pub fn value(&mut self, value: &Value) {
        if !value.has_template() {
            return;
        }
        match value {
            // What is in a vault isn't known before it is opened.
            Value::Str(text) if text.is_vault() => {}
            Value::Str(text) => self.template(text),
            Value::List(items) | Value::Tuple(items) => {
                items.iter().for_each(|item| self.value(item));
            }
            Value::Dict(dict) => {
                let dict: &Dict = dict;
                dict.iter().for_each(|(key, value): (&Key, &Value)| {
                    self.value(key.value());
                    self.value(value);
                });
            }
            _ => {}
        }
    }

    /// Adds what a text uses that is a template.
    pub fn template(&mut self, text: &Text) {
        self.read(text, compile::template(text), |walk, template| walk.template(template));
    }

    /// Adds what a file uses that is a template (`template: src=…`).
    pub fn document(&mut self, text: &Text) {
        let read = frontend::template(text, &DocumentOptions::default(), Strings::Processed);
        self.read(text, read, Walk::template);
    }

    fn read<T, E>(&mut self, text: &Text, read: Result<T, E>, walk: impl FnOnce(&mut Walk, &T)) {
        match read {
            Ok(read) => {
                let mut walked = Walk::default();
                walk(&mut walked, &read);
                self.take(walked, text.span());
            }
            Err(_) => self.unreadable(text),
        }
    }

    /// Adds what a condition uses, or a list of them.
    pub fn condition(&mut self, value: &Value) {
        match value {
            Value::Str(text) => {
                let read = compile::condition(text);
                self.read(text, read, |walk, condition| walk.expr(&condition.expr));
            }
            Value::List(conditions) => {
                conditions.iter().for_each(|condition| self.condition(condition));
            }
            _ => {}
        }
    }

    /// Adds what a lookup of this name may use, whatever it is asked for.
    pub fn lookup(&mut self, name: &str) {
        self.any |= matches!(name, "vars" | "varnames");
        self.facts.any |= is_foreign_lookup(name);
    }

    /// Of what can't be read every word may be a variable.
    fn unreadable(&mut self, text: &str) {
        self.facts.any |= words(text).any(|word| WHOLE.contains(&word));
        self.mentioned.extend(words(text).map(str::to_owned));
    }

    fn take(&mut self, walk: Walk, span: Option<&Span>) {
        self.facts.walked(&walk);
        let Walk { read, named, constants, is_lookup, is_open, .. } = walk;
        let uses = read.into_iter().map(|(name, need): (Name, Need)| Use {
            name: name.to_string(),
            span: span.cloned(),
            need,
        });
        self.reads.extend(uses);
        self.mentioned.extend(named.iter().map(ToString::to_string));
        let words: HashSet<String> =
            constants.iter().flat_map(|text| words(text)).map(str::to_owned).collect();
        if is_lookup {
            self.looked_up.extend(words.iter().cloned());
        }
        self.any |= is_open;
        self.mentioned.extend(words);
    }
}

/// What holds all facts of a host, or all its variables.
const WHOLE: [&str; 3] = ["ansible_facts", "hostvars", "vars"];

/// The words of a text that could be names.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let each = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    each.filter(|word| word.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(text: &str) -> Uses {
        let mut uses = Uses::default();
        uses.value(&Value::Str(Text::trusted(text, None)));
        uses
    }

    fn needs(text: &str) -> Vec<(String, Need)> {
        let mut all: Vec<_> =
            uses(text).reads.into_iter().map(|one| (one.name, one.need)).collect();
        all.sort();
        all
    }

    #[test]
    fn needs_of_names() {
        use Need::{Guarded, Needed, Perhaps};
        let check = |text: &str, expected: &[(&str, Need)]| {
            let expected: Vec<_> =
                expected.iter().map(|(name, need)| ((*name).to_owned(), *need)).collect();
            assert_eq!(needs(text), expected, "{text}");
        };
        check("{{ a.b[c] }}", &[("a", Needed), ("c", Needed)]);
        check("{{ a.b[c] | default(d) }}", &[("a", Guarded), ("c", Guarded), ("d", Perhaps)]);
        check("{{ a is defined and a.b }}", &[("a", Perhaps), ("a", Guarded)]);
        check("{{ a if b else c }}", &[("a", Perhaps), ("b", Needed), ("c", Perhaps)]);
        check("{% if a is undefined %}{{ b }}{% endif %}", &[("a", Guarded), ("b", Perhaps)]);
        check("{% for i in a %}{{ i }}{{ b }}{% endfor %}", &[("a", Needed), ("b", Perhaps)]);
        check("{{ a | d | f(b) }}", &[("a", Guarded), ("b", Needed)]);
    }

    #[test]
    fn facts() {
        let check = |text: &str, expected: &[&str]| {
            let found = uses(text).facts;
            let mut names: Vec<_> = found.names.iter().map(String::as_str).collect();
            names.sort_unstable();
            assert_eq!((names.as_slice(), found.any), (expected, false), "{text}");
        };
        check("{{ ansible_facts.a ~ ansible_facts['b'].c[d] }}", &["a", "b"]);
        check(
            "{{ hostvars[h].ansible_facts.a.b ~ hostvars['h']['ansible_facts']['c'] }}",
            &["a", "c"],
        );
        check("{{ groups.all | map('extract', hostvars, ['ansible_facts', 'a', 'b']) }}", &["a"]);
        check("{{ groups.all | map('extract', hostvars, 'ansible_host') | list }}", &[]);
        check("{{ h in hostvars and hostvars[h] is defined and 'x' in hostvars[h] }}", &[]);
        check("{{ ansible_facts is defined and x.vars.get(y) }}", &[]);
        let mut condition = Uses::default();
        condition
            .condition(&Value::from("ansible_facts['a'].b == 'c' and ansible_facts.d is defined"));
        let names: std::collections::BTreeSet<_> = condition.facts.names.into_iter().collect();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a", "d"]);
        for text in [
            "{{ ansible_facts }}",
            "{{ ansible_facts[a] }}",
            "{{ ansible_facts.get('a') }}",
            "{{ 'a' in ansible_facts }}",
            "{{ hostvars[h].ansible_facts }}",
            "{{ hostvars[h] | length }}",
            "{{ hostvars | length }}",
            "{{ hostvars.values() }}",
            "{{ hostvars[h].get(a) }}",
            "{{ a in hostvars[h] }}",
            "{{ groups.all | map('extract', hostvars) }}",
            "{{ groups.all | map('extract', hostvars, a) }}",
            "{{ groups.all | selectattr('ansible_facts.a') }}",
            "{% set a = ansible_facts %}",
            "{{ vars.get(a) }}",
            "{{ a in vars }}",
            "{{ a | nosuch }}",
            "{{ a is nosuch }}",
            "{{ lookup('nosuch', 'a') }}",
            "{{ lookup('template', 'a') }}",
            "{% include a %}",
            "{{ hostvars[ }}",
        ] {
            assert!(uses(text).facts.any, "{text}");
        }
        assert!(uses("{% include 'a' %}").facts.files.contains("a"));
    }

    #[test]
    fn names_that_are_looked_up() {
        let found = uses("{{ hostvars['h'].a ~ hostvars[h]['b'] }}");
        assert!(found.mentioned.contains("a") && found.mentioned.contains("b") && !found.any);
        let found = uses("{{ lookup('vars', 'a') }}");
        assert!(found.looked_up.contains("a") && !found.any);
        assert!(uses("{{ lookup('vars', 'a_' ~ b) }}").any);
        assert!(uses("{{ vars[a] }}").any && uses("{{ hostvars[h][a] }}").any);
        assert!(!uses("{{ hostvars[h] }}").any);
        assert!(uses("{{ a | map('extract', hostvars, 'b') }}").mentioned.contains("b"));
    }
}
