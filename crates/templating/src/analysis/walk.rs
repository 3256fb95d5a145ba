//! A walk over a template's tree: which names it reads, how much it needs them, which words it names. Must not know texts.

use nafal_base::{Text, Value};

use super::hosts::{self, Whole};
use super::uses::Need;
use crate::ast::{
    Arguments, Call, Expr, FilterCall, Macro, Name, Stmt, Target, Template, TestCall,
};
use crate::compile;
use crate::registry::{self, short_name};

/// Names that are read, and names that the template sets itself.
#[derive(Default)]
pub(super) struct Walk {
    /// What is read, once for each need.
    pub read: Vec<(Name, Need)>,
    /// Names of attributes.
    pub named: Vec<Name>,
    /// Constants that are text.
    pub constants: Vec<Text>,
    /// Whether constants may be names of variables.
    pub is_lookup: bool,
    /// Whether names of variables are made while running.
    pub is_open: bool,
    /// What is read of `ansible_facts`.
    pub facts: Vec<Name>,
    /// Whether all facts, or all variables of a host, go where nobody can say what is read of them.
    pub is_whole: bool,
    /// Templates by the names of their files; None where the name is made while running.
    pub files: Vec<Option<Text>>,
    /// Whether it calls what nafal doesn't have itself, and what may read anything therefore.
    pub is_foreign: bool,
    /// Set by the statements around, the innermost last.
    bound: Vec<Name>,
    /// How much what is walked is needed.
    need: Need,
}

impl Walk {
    /// Walks a whole template.
    pub fn template(&mut self, template: &Template) {
        self.body(&template.body);
        for (_, body) in &template.blocks {
            self.body(body);
        }
    }

    fn read(&mut self, name: &Name) {
        if matches!(&**name, "vars" | "hostvars") {
            self.is_lookup = true;
        }
        let read = (name.clone(), self.need);
        if !self.bound.contains(name) && !self.read.contains(&read) {
            self.read.push(read);
        }
    }

    /// What is in there is needed this much, if what is around is needed.
    fn needing(&mut self, need: Need, inner: impl FnOnce(&mut Walk)) {
        let outer = self.need;
        self.need = outer.max(need);
        inner(self);
        self.need = outer;
    }

    fn perhaps(&mut self, inner: impl FnOnce(&mut Walk)) {
        self.needing(Need::Perhaps, inner);
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
            Stmt::Raw(_) | Stmt::Jump(_) | Stmt::Block { .. } => {}
            Stmt::Emit(expr, _) => self.expr(expr),
            Stmt::Extends(expr) | Stmt::Include { name: expr, .. } => self.file(expr),
            Stmt::If { arms, otherwise, .. } => {
                for (index, (test, body)) in arms.iter().enumerate() {
                    let need = if index == 0 { Need::Needed } else { Need::Perhaps };
                    self.needing(need, |walk| walk.expr(test));
                    self.perhaps(|walk| walk.body(body));
                }
                self.perhaps(|walk| walk.body(otherwise));
            }
            Stmt::For(inner) => {
                self.expr(&inner.iterable);
                self.scoped(|walk| {
                    walk.bind(&inner.target);
                    walk.bound.push("loop".into());
                    walk.perhaps(|walk| {
                        inner.condition.iter().for_each(|condition| walk.expr(condition));
                        walk.body(&inner.body);
                    });
                });
                self.scoped(|walk| walk.perhaps(|walk| walk.body(&inner.otherwise)));
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
                self.file(name);
                self.bound.push(target.clone());
            }
            Stmt::FromImport { name, names, .. } => {
                self.file(name);
                self.bound.extend(names.iter().map(|(_, alias)| alias.clone()));
            }
        }
    }

    fn declared(&mut self, inner: &Macro) {
        inner.defaults.iter().for_each(|default| self.expr(default));
        self.scoped(|walk| {
            walk.bound.extend(inner.parameters.iter().cloned());
            walk.bound.extend(["varargs", "kwargs", "caller"].map(Name::from));
            walk.perhaps(|walk| walk.body(&inner.body));
        });
    }

    /// Another template, by the name of its file or several.
    fn file(&mut self, name: &Expr) {
        self.files.push(hosts::constant(name).cloned());
        self.expr(name);
    }

    /// Walks an expression.
    pub fn expr(&mut self, expr: &Expr) {
        self.is_whole |= hosts::whole(expr).is_some();
        self.inside(expr);
    }

    fn inside(&mut self, expr: &Expr) {
        match expr {
            Expr::Const(value) | Expr::Container(value) => self.constant(value),
            Expr::Body => {}
            Expr::Nested(text, _) => {
                if let Ok(template) = compile::template(text) {
                    self.scoped(|walk| walk.body(&template.body));
                }
            }
            Expr::Name(name) => {
                // All variables at once.
                self.is_open |= &**name == "vars";
                self.read(name);
            }
            Expr::Attribute(value, name) => {
                self.named.push(name.clone());
                self.of_whole(value, Some(name));
                self.base(value);
            }
            Expr::Not(value) | Expr::Negative(value) | Expr::Positive(value) => self.expr(value),
            Expr::Item(pair) => {
                let is_variable = of_variables(&pair.0);
                self.is_open |= is_variable && !matches!(pair.1, Expr::Const(_));
                let name = hosts::constant(&pair.1).map(Text::as_str);
                self.of_whole(&pair.0, name);
                self.base(&pair.0);
                if name != Some("ansible_facts") {
                    self.expr(&pair.1);
                }
            }
            Expr::And(pair) | Expr::Or(pair) => {
                self.expr(&pair.0);
                self.perhaps(|walk| walk.expr(&pair.1));
            }
            Expr::Binary(_, pair) => {
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
                // `'name' in vars`
                rest.iter().for_each(|(_, operand)| {
                    let is_named = hosts::constant(first).is_some();
                    self.is_whole |= match hosts::whole(operand) {
                        Some(Whole::Facts) => true,
                        Some(Whole::Host | Whole::Variables) => !is_named,
                        Some(Whole::Hosts) | None => false,
                    };
                    self.base(operand);
                });
            }
            Expr::If(parts) => {
                self.conditional(&parts.0, &parts.1, parts.2.as_ref());
            }
            Expr::Filter(call) => self.filter(call),
            Expr::Test(call) => self.test(call),
            Expr::Call(call) => self.call(call),
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

    /// What is read of facts or of variables that are all at hand.
    fn of_whole(&mut self, value: &Expr, name: Option<&str>) {
        let Some(whole) = hosts::whole(value) else { return };
        let is_method = name.is_some_and(hosts::is_method);
        match (whole, name) {
            (Whole::Facts, Some(name)) if !is_method => self.facts.push(name.into()),
            // Whichever host it is.
            (Whole::Hosts, _) if !is_method => {}
            (Whole::Host | Whole::Variables, Some(_)) if !is_method => {}
            _ => self.is_whole = true,
        }
    }

    fn filter(&mut self, call: &FilterCall) {
        self.is_foreign |= registry::filter(&call.name).is_none();
        if let Some(path) = hosts::extracted(call) {
            self.expr(&call.value);
            self.facts.extend(path.fact);
            self.named.extend(path.variable);
            self.is_lookup = true;
            return;
        }
        if matches!(short_name(&call.name), "default" | "d") {
            self.needing(Need::Guarded, |walk| walk.expr(&call.value));
            self.perhaps(|walk| walk.arguments(&call.arguments));
        } else {
            self.expr(&call.value);
            self.arguments(&call.arguments);
        }
    }

    fn test(&mut self, call: &TestCall) {
        let asks = matches!(short_name(&call.name), "defined" | "undefined");
        let need = if asks { Need::Guarded } else { Need::Needed };
        self.is_foreign |= registry::test(&call.name).is_none();
        match asks {
            true => self.needing(need, |walk| walk.base(&call.value)),
            false => self.needing(need, |walk| walk.expr(&call.value)),
        }
        self.arguments(&call.arguments);
    }

    fn call(&mut self, call: &Call) {
        if let Expr::Name(name) = &call.callee
            && matches!(&**name, "lookup" | "query" | "q")
        {
            self.lookup(&call.arguments);
        }
        self.expr(&call.callee);
        self.arguments(&call.arguments);
    }

    /// Whether a lookup asks for variables, and by which names.
    fn lookup(&mut self, arguments: &Arguments) {
        let Some((name, terms)) = arguments.positional.split_first() else { return };
        let Expr::Const(Value::Str(name)) = name else {
            self.is_open = true;
            return;
        };
        self.is_foreign |= is_foreign_lookup(name);
        match short_name(name) {
            "vars" => {
                self.is_lookup = true;
                self.is_open |= terms.iter().any(|term| !matches!(term, Expr::Const(_)));
            }
            "varnames" => self.is_open = true,
            _ => {}
        }
    }

    fn conditional(&mut self, first: &Expr, second: &Expr, otherwise: Option<&Expr>) {
        self.expr(first);
        self.perhaps(|walk| {
            walk.expr(second);
            otherwise.iter().for_each(|no| walk.expr(no));
        });
    }

    /// What an attribute, an item or a membership is asked of: `vars` there doesn't mean all variables.
    fn base(&mut self, expr: &Expr) {
        match expr {
            Expr::Name(name) => self.read(name),
            other => self.inside(other),
        }
    }

    fn constant(&mut self, value: &Value) {
        match value {
            Value::Str(text) => self.constants.push(text.clone()),
            Value::List(items) | Value::Tuple(items) => {
                items.iter().for_each(|item| self.constant(item));
            }
            Value::Dict(dict) => dict.iter().for_each(|(key, value)| {
                self.constant(key.value());
                self.constant(value);
            }),
            _ => {}
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

/// Whether a lookup may read any variable: one that isn't nafal's own, and the one that renders a file.
pub(super) fn is_foreign_lookup(name: &str) -> bool {
    registry::lookup(name).is_none() || short_name(name) == "template"
}

fn is_hosts(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(name) if &**name == "hostvars")
}

/// Whether an item of this is a variable: `vars[…]`, `hostvars[…][…]`.
fn of_variables(expr: &Expr) -> bool {
    match expr {
        Expr::Name(name) => &**name == "vars",
        Expr::Item(pair) => is_hosts(&pair.0),
        Expr::Attribute(value, _) => is_hosts(value),
        _ => false,
    }
}
