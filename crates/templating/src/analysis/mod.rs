//! Which variables a value's templates read, without rendering anything. Must not know scopes.

use nafal_base::{Dict, Key, List, Span, Text, Value};

use crate::ast::{Expr, Name, Template};
use crate::compile;

mod hosts;
mod uses;
mod walk;

pub use uses::{FactUses, Need, Use, Uses, words};
use walk::Walk;

/// The free variables that rendering the value reads, each with its template's place. Texts that
/// can't be read as templates give none: rendering says why.
pub fn reads(value: &Value) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    each_template(value, &mut |text| {
        if let Ok(template) = compile::template(text) {
            collect(names_of_template(&template), text, &mut found);
        }
    });
    found
}

/// The same for a condition, or a list of them.
pub fn reads_condition(value: &Value) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    match value {
        Value::Str(text) => {
            if let Ok(condition) = compile::condition(text) {
                collect(names_of_expression(&condition.expr), text, &mut found);
            }
        }
        Value::List(conditions) => {
            for condition in conditions {
                found.extend(reads_condition(condition));
            }
        }
        _ => {}
    }
    found
}

/// The free variables of a compiled template, each once.
pub(crate) fn names_of_template(template: &Template) -> Vec<Name> {
    let mut walk = Walk::default();
    walk.template(template);
    names(walk)
}

/// The free variables of a compiled expression, each once.
pub(crate) fn names_of_expression(expr: &Expr) -> Vec<Name> {
    let mut walk = Walk::default();
    walk.expr(expr);
    names(walk)
}

fn names(walk: Walk) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for (name, _) in walk.read {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn each_template(value: &Value, each: &mut dyn FnMut(&Text)) {
    if !value.has_template() {
        return;
    }
    let mut items = |items: &List| items.iter().for_each(|item| each_template(item, each));
    match value {
        // What is in a vault isn't known before it is opened.
        Value::Str(text) if text.is_vault() => {}
        Value::Str(text) => each(text),
        Value::List(list) | Value::Tuple(list) => items(list),
        Value::Dict(dict) => {
            let dict: &Dict = dict;
            dict.iter().for_each(|(_, value): (&Key, &Value)| each_template(value, each));
        }
        _ => {}
    }
}

/// Names with the place of their template, each once.
fn collect(names: Vec<Name>, text: &Text, found: &mut Vec<(String, Span)>) {
    let place = text
        .span()
        .cloned()
        .unwrap_or_else(|| Span::whole(&nafal_base::Source::new("<unknown>", "")));
    for name in names {
        if !found.iter().any(|(known, span)| **known == *name && *span == place) {
            found.push((name.to_string(), place.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only_names(found: Vec<(String, Span)>) -> Vec<String> {
        found.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn free_names_only() {
        let template = "{% for i in items %}{{ i.x ~ y }}{{ loop.index }}{% endfor %}{{ i }}";
        assert_eq!(
            only_names(reads(&Value::Str(Text::trusted(template, None)))),
            ["items", "y", "i"]
        );
        let condition = Value::from("a is defined and b.c[d] | default(e)");
        assert_eq!(only_names(reads_condition(&condition)), ["a", "b", "d", "e"]);
    }
}
