//! Which variables a value's templates read, without rendering anything. Must not know scopes.

use nafal_base::{Dict, Key, List, Span, Text, Value};

use crate::ast::{Arguments, Expr, Macro, Name, Stmt, Target, Template};
use crate::compile;

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

/// The free variables of a compiled template.
pub(crate) fn names_of_template(template: &Template) -> Vec<Name> {
    let mut walk = Walk::default();
    walk.body(&template.body);
    template.blocks.iter().for_each(|(_, body)| walk.body(body));
    walk.read
}

/// The free variables of a compiled expression.
pub(crate) fn names_of_expression(expr: &Expr) -> Vec<Name> {
    let mut walk = Walk::default();
    walk.expr(expr);
    walk.read
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

/// Names that are read, and names that the template sets itself.
#[derive(Default)]
struct Walk {
    read: Vec<Name>,
    /// Set by the statements around, the innermost last.
    bound: Vec<Name>,
}

impl Walk {
    fn read(&mut self, name: &Name) {
        if !self.bound.contains(name) && !self.read.contains(name) {
            self.read.push(name.clone());
        }
    }

    fn bind(&mut self, target: &Target) {
        match target {
            Target::Name(name) => self.bound.push(name.clone()),
            Target::Attribute(name, _) => self.read(name),
            Target::Tuple(targets) => targets.iter().for_each(|target| self.bind(target)),
        }
    }

    /// What is bound inside is unknown outside.
    fn scoped(&mut self, inner: impl FnOnce(&mut Walk)) {
        let outside = self.bound.len();
        inner(self);
        self.bound.truncate(outside);
    }

    fn body(&mut self, body: &[Stmt]) {
        body.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Raw(_) | Stmt::Block { .. } => {}
            Stmt::Emit(expr, _) | Stmt::Extends(expr) | Stmt::Include { name: expr, .. } => {
                self.expr(expr);
            }
            Stmt::If { arms, otherwise, .. } => {
                for (test, body) in arms {
                    self.expr(test);
                    self.body(body);
                }
                self.body(otherwise);
            }
            Stmt::For(inner) => {
                self.expr(&inner.iterable);
                self.scoped(|walk| {
                    walk.bind(&inner.target);
                    walk.bound.push("loop".into());
                    inner.condition.iter().for_each(|condition| walk.expr(condition));
                    walk.body(&inner.body);
                });
                self.scoped(|walk| walk.body(&inner.otherwise));
            }
            Stmt::Set { target, value, .. } => {
                self.expr(value);
                self.bind(target);
            }
            Stmt::SetBlock { target, filter, body } => {
                self.scoped(|walk| walk.body(body));
                filter.iter().for_each(|filter| self.expr(filter));
                self.bind(target);
            }
            Stmt::With { assignments, body } => {
                assignments.iter().for_each(|(_, value)| self.expr(value));
                self.scoped(|walk| {
                    assignments.iter().for_each(|(target, _)| walk.bind(target));
                    walk.body(body);
                });
            }
            Stmt::Filter { filter, body } => {
                self.scoped(|walk| walk.body(body));
                self.expr(filter);
            }
            Stmt::Scope(body) => self.scoped(|walk| walk.body(body)),
            Stmt::Macro(inner) => {
                self.bound.push(inner.name.clone());
                self.declared(inner);
            }
            Stmt::Call { call, caller } => {
                self.expr(call);
                self.declared(caller);
            }
            Stmt::Import { name, target, .. } => {
                self.expr(name);
                self.bound.push(target.clone());
            }
            Stmt::FromImport { name, names, .. } => {
                self.expr(name);
                self.bound.extend(names.iter().map(|(_, alias)| alias.clone()));
            }
        }
    }

    fn declared(&mut self, inner: &Macro) {
        inner.defaults.iter().for_each(|default| self.expr(default));
        self.scoped(|walk| {
            walk.bound.extend(inner.parameters.iter().cloned());
            walk.bound.extend(["varargs", "kwargs", "caller"].map(Name::from));
            walk.body(&inner.body);
        });
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Const(_) | Expr::Container(_) | Expr::Body => {}
            Expr::Nested(text, _) => {
                if let Ok(template) = compile::template(text) {
                    self.scoped(|walk| walk.body(&template.body));
                }
            }
            Expr::Name(name) => self.read(name),
            Expr::Attribute(value, _)
            | Expr::Not(value)
            | Expr::Negative(value)
            | Expr::Positive(value) => self.expr(value),
            Expr::Item(pair) | Expr::And(pair) | Expr::Or(pair) | Expr::Binary(_, pair) => {
                self.expr(&pair.0);
                self.expr(&pair.1);
            }
            Expr::Slice(slice) => {
                self.expr(&slice.value);
                [&slice.start, &slice.stop, &slice.step]
                    .into_iter()
                    .flatten()
                    .for_each(|bound| self.expr(bound));
            }
            Expr::Compare(first, rest) => {
                self.expr(first);
                rest.iter().for_each(|(_, operand)| self.expr(operand));
            }
            Expr::If(parts) => {
                self.expr(&parts.0);
                self.expr(&parts.1);
                parts.2.iter().for_each(|no| self.expr(no));
            }
            Expr::Filter(call) => {
                self.expr(&call.value);
                self.arguments(&call.arguments);
            }
            Expr::Test(call) => {
                self.expr(&call.value);
                self.arguments(&call.arguments);
            }
            Expr::Call(call) => {
                self.expr(&call.callee);
                self.arguments(&call.arguments);
            }
            Expr::Concat(items) | Expr::List(items) | Expr::Tuple(items) => {
                items.iter().for_each(|item| self.expr(item));
            }
            Expr::Dict(entries) => {
                for (key, value) in entries {
                    self.expr(key);
                    self.expr(value);
                }
            }
        }
    }

    fn arguments(&mut self, arguments: &Arguments) {
        let named = arguments.named.iter().map(|(_, value)| value);
        arguments
            .positional
            .iter()
            .chain(named)
            .chain(&arguments.splat)
            .chain(&arguments.named_splat)
            .for_each(|value| self.expr(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(found: Vec<(String, Span)>) -> Vec<String> {
        found.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn free_names_only() {
        let template = "{% for i in items %}{{ i.x ~ y }}{{ loop.index }}{% endfor %}{{ i }}";
        assert_eq!(names(reads(&Value::Str(Text::trusted(template, None)))), ["items", "y", "i"]);
        let condition = Value::from("a is defined and b.c[d] | default(e)");
        assert_eq!(names(reads_condition(&condition)), ["a", "b", "d", "e"]);
    }
}
