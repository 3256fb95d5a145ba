//! Statements of minijinja's tree to ours.

use std::sync::Arc;

use minijinja::machinery::ast as mini;
use nafal_base::Text;

use super::parse::{Convert, Converted};
use crate::ast::{
    Context, Counter, For, IgnoreMissing, Jump, Macro, Name, Recursion, Stmt, Target,
};
use crate::error::Error;
use crate::scan;

impl Convert {
    pub(super) fn stmt(&mut self, stmt: &mini::Stmt<'_>) -> Converted<Stmt> {
        Ok(match stmt {
            mini::Stmt::Template(inner) => Stmt::Scope(self.body(&inner.children)?),
            mini::Stmt::EmitExpr(inner) => {
                Stmt::Emit(self.expr(&inner.expr)?, u32::from(inner.span().start_line))
            }
            mini::Stmt::EmitRaw(inner) if self.newline == "\n" => Stmt::Raw(Text::new(inner.raw)),
            mini::Stmt::EmitRaw(inner) => {
                Stmt::Raw(Text::new(inner.raw.replace('\n', &self.newline)))
            }
            mini::Stmt::ForLoop(inner) => self.for_loop(inner)?,
            mini::Stmt::IfCond(inner) => self.if_chain(inner)?,
            mini::Stmt::WithBlock(inner) => Stmt::With {
                assignments: inner
                    .assignments
                    .iter()
                    .map(|(target, value)| Ok((target_of(target)?, self.expr(value)?)))
                    .collect::<Converted<_>>()?,
                body: self.body(&inner.body)?,
            },
            mini::Stmt::Set(inner) => Stmt::Set {
                target: target_of(&inner.target)?,
                value: self.expr(&inner.expr)?,
                line: u32::from(inner.span().start_line),
            },
            mini::Stmt::SetBlock(inner) => Stmt::SetBlock {
                target: target_of(&inner.target)?,
                filter: inner.filter.as_ref().map(|filter| self.expr(filter)).transpose()?,
                body: self.body(&inner.body)?,
            },
            mini::Stmt::AutoEscape(inner) => Stmt::Scope(self.body(&inner.body)?),
            mini::Stmt::FilterBlock(inner) if block_in_macro(&inner.filter).is_some() => {
                self.block(block_in_macro(&inner.filter).unwrap_or_default(), &inner.body)?
            }
            mini::Stmt::FilterBlock(inner) => {
                Stmt::Filter { filter: self.expr(&inner.filter)?, body: self.body(&inner.body)? }
            }
            mini::Stmt::Block(inner) => self.block(inner.name, &inner.body)?,
            mini::Stmt::Macro(inner) => Stmt::Macro(Arc::new(self.macro_of(inner)?)),
            mini::Stmt::CallBlock(inner) => {
                let caller = Arc::new(self.macro_of(&inner.macro_decl)?);
                Stmt::Call { call: self.call(&inner.call)?, caller }
            }
            other => self.other_template(other)?,
        })
    }

    fn block(&mut self, name: &str, body: &[mini::Stmt<'_>]) -> Converted<Stmt> {
        let name: Name = name.into();
        let body = self.body(body)?;
        if self.blocks.iter().any(|(known, _)| *known == name) {
            return Err(Error::new(format!("block '{name}' defined twice")));
        }
        self.blocks.push((name.clone(), Arc::new(body)));
        Ok(Stmt::Block { name })
    }

    fn other_template(&mut self, stmt: &mini::Stmt<'_>) -> Converted<Stmt> {
        // Its macros may change what they are given.
        self.changes |= !matches!(stmt, mini::Stmt::Include(_));
        Ok(match stmt {
            mini::Stmt::Include(inner) => Stmt::Include {
                context: context(&inner.name, Context::Seen),
                name: self.expr(&inner.name)?,
                ignore_missing: if inner.ignore_missing {
                    IgnoreMissing::Yes
                } else {
                    IgnoreMissing::No
                },
            },
            mini::Stmt::Import(inner) => Stmt::Import {
                context: context(&inner.expr, Context::Hidden),
                name: self.expr(&inner.expr)?,
                target: variable_name(&inner.name)?,
            },
            mini::Stmt::FromImport(inner) => Stmt::FromImport {
                context: context(&inner.expr, Context::Hidden),
                name: self.expr(&inner.expr)?,
                names: inner
                    .names
                    .iter()
                    .map(|(name, alias)| {
                        let name = variable_name(name)?;
                        let alias =
                            alias.as_ref().map_or_else(|| Ok(name.clone()), variable_name)?;
                        Ok((name, alias))
                    })
                    .collect::<Converted<_>>()?,
            },
            mini::Stmt::Extends(inner) => Stmt::Extends(self.expr(&inner.name)?),
            mini::Stmt::Break(_) => Stmt::Jump(Jump::Break),
            mini::Stmt::Continue(_) => Stmt::Jump(Jump::Continue),
            _ => return Err(Error::new("Encountered unknown tag.")),
        })
    }

    fn for_loop(&mut self, inner: &mini::ForLoop<'_>) -> Converted<Stmt> {
        let (target, iterable) = (target_of(&inner.target)?, self.expr(&inner.iter)?);
        let condition = inner.filter_expr.as_ref().map(|expr| self.expr(expr)).transpose()?;
        let before = self.reads.len();
        let body = self.body(&inner.body)?;
        let reads = self.reads.get(before..).unwrap_or_default();
        let is_read = inner.recursive
            || reads.iter().any(|name| &**name == "loop")
            || body.iter().any(|stmt| matches!(stmt, Stmt::Block { .. }));
        Ok(Stmt::For(Arc::new(For {
            target,
            iterable,
            condition,
            recursion: if inner.recursive { Recursion::Yes } else { Recursion::No },
            counter: if is_read { Counter::Read } else { Counter::Unread },
            body,
            otherwise: self.body(&inner.else_body)?,
        })))
    }

    fn if_chain(&mut self, inner: &mini::Spanned<mini::IfCond<'_>>) -> Converted<Stmt> {
        let line = u32::from(inner.span().start_line);
        let mut arms = Vec::new();
        let mut current: &mini::IfCond<'_> = inner;
        loop {
            let test = self.expr(&current.expr)?;
            arms.push((test, self.conditionally(|this| this.body(&current.true_body))?));
            // The parser writes `elif` as an `if` alone in the `else`.
            match current.false_body.as_slice() {
                [mini::Stmt::IfCond(next)] => current = next,
                otherwise => {
                    let otherwise = self.conditionally(|this| this.body(otherwise))?;
                    return Ok(Stmt::If { arms, otherwise, line });
                }
            }
        }
    }

    fn macro_of(&mut self, inner: &mini::Macro<'_>) -> Converted<Macro> {
        let outer = std::mem::take(&mut self.reads);
        let defaults = self.exprs(&inner.defaults)?;
        let body = self.body(&inner.body)?;
        let reads = std::mem::replace(&mut self.reads, outer);
        let parameters: Vec<Name> =
            inner.args.iter().map(variable_name).collect::<Converted<_>>()?;
        let has = |name: &str| {
            reads.iter().any(|read| &**read == name) && !parameters.iter().any(|p| &**p == name)
        };
        let (varargs, kwargs, caller) = (has("varargs"), has("kwargs"), has("caller"));
        self.reads.extend(reads);
        Ok(Macro { name: inner.name.into(), parameters, defaults, body, varargs, kwargs, caller })
    }
}

/// What `with context` or `without context` says, which the passes before wrote as a filter.
fn context(name: &mini::Expr<'_>, usual: Context) -> Context {
    match name {
        mini::Expr::Filter(filter) if filter.name == scan::WITH_CONTEXT => Context::Seen,
        mini::Expr::Filter(filter) if filter.name == scan::WITHOUT_CONTEXT => Context::Hidden,
        _ => usual,
    }
}

fn variable_name(expr: &mini::Expr<'_>) -> Converted<Name> {
    match expr {
        mini::Expr::Var(var) => Ok(var.id.into()),
        mini::Expr::Const(value) => {
            value.value.as_str().map(Name::from).ok_or_else(|| Error::new("expected a name"))
        }
        _ => Err(Error::new("expected a name")),
    }
}

fn target_of(expr: &mini::Expr<'_>) -> Converted<Target> {
    match expr {
        mini::Expr::Var(var) => Ok(Target::Name(var.id.into())),
        mini::Expr::GetAttr(attribute) => {
            Ok(Target::Attribute(variable_name(&attribute.expr)?, attribute.name.into()))
        }
        mini::Expr::List(items) => {
            Ok(Target::Tuple(items.items.iter().map(target_of).collect::<Converted<_>>()?))
        }
        mini::Expr::Tuple(items) => {
            Ok(Target::Tuple(items.items.iter().map(target_of).collect::<Converted<_>>()?))
        }
        _ => Err(Error::new("can't assign to this")),
    }
}

/// The name of a block that the parser takes for a filter.
fn block_in_macro<'a>(filter: &mini::Expr<'a>) -> Option<&'a str> {
    match filter {
        mini::Expr::Filter(filter) => filter.name.strip_prefix(scan::BLOCK_IN_MACRO),
        _ => None,
    }
}
