//! From text to syntax tree: the one file that names minijinja, which is the parser. Must not know
//! how anything is evaluated.

use std::sync::Arc;

use minijinja::machinery::{self, ast as mini};
use minijinja::syntax::SyntaxConfig;
use nafal_base::{Text, Value};
use num_bigint::BigInt;

use crate::ast::{
    Arguments, BinaryOp, Call, CompareOp, Expr, FilterCall, For, IgnoreMissing, Macro, Name,
    Recursion, Slice, Stmt, Target, Template, TestCall, Unknown, UnknownKind,
};
use crate::context::DocumentOptions;
use crate::error::Error;
use crate::registry;
use crate::scan::{self, BIG_NUMBER, Strings, Syntax};
use crate::words;

/// What string constants with Jinja in them become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Constants {
    /// Text like any other.
    Plain,
    /// Templates (conditions).
    Templates,
}

/// A template from its text; errors are the bare reason.
pub(crate) fn template(
    text: &str,
    options: &DocumentOptions,
    strings: Strings,
) -> Result<Template, Error> {
    let text = normal_newlines(text);
    let source = scan::template(&text, Syntax { options, strings })?;
    let config = config(options)?;
    let parsed = machinery::parse(&source, "", config).map_err(|error| reason(&error, &source))?;
    let mini::Stmt::Template(parsed) = parsed else {
        return Err(Error::new("not a template"));
    };
    let mut convert = Convert::new(Constants::Plain);
    let body = convert.body(&parsed.children)?;
    let newlines = text.len() - text.trim_end_matches('\n').len();
    Ok(Template {
        body,
        blocks: convert.blocks,
        unknown: convert.unknown,
        newlines,
    })
}

/// A bare expression (a condition).
pub(crate) fn expression(text: &str) -> Result<(Expr, Vec<Unknown>), Error> {
    let source = scan::expression(text)?;
    let parsed =
        machinery::parse_expr(&source).map_err(|error| expression_reason(&error, &source))?;
    let mut convert = Convert::new(Constants::Templates);
    let expr = convert.expr(&parsed)?;
    Ok((expr, convert.unknown))
}

fn normal_newlines(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\r') {
        return text.replace("\r\n", "\n").replace('\r', "\n").into();
    }
    text.into()
}

fn config(options: &DocumentOptions) -> Result<SyntaxConfig, Error> {
    SyntaxConfig::builder()
        .block_delimiters(options.block_start.clone(), options.block_end.clone())
        .variable_delimiters(options.variable_start.clone(), options.variable_end.clone())
        .comment_delimiters(options.comment_start.clone(), options.comment_end.clone())
        .trim_blocks(options.trim_blocks)
        .lstrip_blocks(options.lstrip_blocks)
        .build()
        .map_err(|error| Error::new(error.to_string()))
}

fn reason(error: &minijinja::Error, source: &str) -> Error {
    let detail = error.detail().unwrap_or("syntax error");
    Error::new(words::syntax(
        detail,
        token(error, source),
        words::Part::Template,
    ))
}

fn expression_reason(error: &minijinja::Error, source: &str) -> Error {
    let detail = error.detail().unwrap_or("syntax error");
    Error::new(words::syntax(
        detail,
        token(error, source),
        words::Part::Expression,
    ))
}

/// The text of the token where the parser stopped.
fn token<'s>(error: &minijinja::Error, source: &'s str) -> &'s str {
    error
        .range()
        .and_then(|range| source.get(range))
        .unwrap_or("")
}

struct Convert {
    constants: Constants,
    blocks: Vec<(Name, Arc<Vec<Stmt>>)>,
    unknown: Vec<Unknown>,
    /// How many `if`s surround it: unknown filters inside only fail when they are reached.
    conditional: usize,
    /// Names that the macro around it reads.
    reads: Vec<Name>,
}

type Converted<T> = Result<T, Error>;

impl Convert {
    fn new(constants: Constants) -> Convert {
        Convert {
            constants,
            blocks: Vec::new(),
            unknown: Vec::new(),
            conditional: 0,
            reads: Vec::new(),
        }
    }

    fn body(&mut self, stmts: &[mini::Stmt<'_>]) -> Converted<Vec<Stmt>> {
        stmts.iter().map(|stmt| self.stmt(stmt)).collect()
    }

    fn conditionally<T>(
        &mut self,
        inner: impl FnOnce(&mut Convert) -> Converted<T>,
    ) -> Converted<T> {
        self.conditional += 1;
        let result = inner(self);
        self.conditional -= 1;
        result
    }

    fn stmt(&mut self, stmt: &mini::Stmt<'_>) -> Converted<Stmt> {
        Ok(match stmt {
            mini::Stmt::Template(inner) => Stmt::Scope(self.body(&inner.children)?),
            mini::Stmt::EmitExpr(inner) => {
                Stmt::Emit(self.expr(&inner.expr)?, u32::from(inner.span().start_line))
            }
            mini::Stmt::EmitRaw(inner) => Stmt::Raw(Text::new(inner.raw)),
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
                filter: inner
                    .filter
                    .as_ref()
                    .map(|filter| self.expr(filter))
                    .transpose()?,
                body: self.body(&inner.body)?,
            },
            mini::Stmt::AutoEscape(inner) => Stmt::Scope(self.body(&inner.body)?),
            mini::Stmt::FilterBlock(inner) => Stmt::Filter {
                filter: self.expr(&inner.filter)?,
                body: self.body(&inner.body)?,
            },
            mini::Stmt::Block(inner) => {
                let body = self.body(&inner.body)?;
                let name: Name = inner.name.into();
                self.blocks.push((name.clone(), Arc::new(body)));
                Stmt::Block { name }
            }
            mini::Stmt::Macro(inner) => Stmt::Macro(Arc::new(self.macro_of(inner)?)),
            mini::Stmt::CallBlock(inner) => {
                let caller = Arc::new(self.macro_of(&inner.macro_decl)?);
                Stmt::Call {
                    call: self.call(&inner.call)?,
                    caller,
                }
            }
            other => self.other_template(other)?,
        })
    }

    fn other_template(&mut self, stmt: &mini::Stmt<'_>) -> Converted<Stmt> {
        Ok(match stmt {
            mini::Stmt::Include(inner) => Stmt::Include {
                name: self.expr(&inner.name)?,
                ignore_missing: if inner.ignore_missing {
                    IgnoreMissing::Yes
                } else {
                    IgnoreMissing::No
                },
            },
            mini::Stmt::Import(inner) => Stmt::Import {
                name: self.expr(&inner.expr)?,
                target: variable_name(&inner.name)?,
            },
            mini::Stmt::FromImport(inner) => Stmt::FromImport {
                name: self.expr(&inner.expr)?,
                names: inner
                    .names
                    .iter()
                    .map(|(name, alias)| {
                        let name = variable_name(name)?;
                        let alias = alias
                            .as_ref()
                            .map_or_else(|| Ok(name.clone()), variable_name)?;
                        Ok((name, alias))
                    })
                    .collect::<Converted<_>>()?,
            },
            mini::Stmt::Extends(inner) => Stmt::Extends(self.expr(&inner.name)?),
            _ => return Err(Error::new("Encountered unknown tag.")),
        })
    }

    fn for_loop(&mut self, inner: &mini::ForLoop<'_>) -> Converted<Stmt> {
        Ok(Stmt::For(Arc::new(For {
            target: target_of(&inner.target)?,
            iterable: self.expr(&inner.iter)?,
            condition: inner
                .filter_expr
                .as_ref()
                .map(|expr| self.expr(expr))
                .transpose()?,
            recursion: if inner.recursive {
                Recursion::Yes
            } else {
                Recursion::No
            },
            body: self.body(&inner.body)?,
            otherwise: self.body(&inner.else_body)?,
        })))
    }

    fn if_chain(&mut self, inner: &mini::Spanned<mini::IfCond<'_>>) -> Converted<Stmt> {
        let line = u32::from(inner.span().start_line);
        let mut arms = Vec::new();
        let mut current: &mini::IfCond<'_> = inner;
        loop {
            let test = self.expr(&current.expr)?;
            arms.push((
                test,
                self.conditionally(|this| this.body(&current.true_body))?,
            ));
            // The parser writes `elif` as an `if` alone in the `else`.
            match current.false_body.as_slice() {
                [mini::Stmt::IfCond(next)] => current = next,
                otherwise => {
                    let otherwise = self.conditionally(|this| this.body(otherwise))?;
                    return Ok(Stmt::If {
                        arms,
                        otherwise,
                        line,
                    });
                }
            }
        }
    }

    fn macro_of(&mut self, inner: &mini::Macro<'_>) -> Converted<Macro> {
        let outer = std::mem::take(&mut self.reads);
        let defaults = self.exprs(&inner.defaults)?;
        let body = self.body(&inner.body)?;
        let reads = std::mem::replace(&mut self.reads, outer);
        let parameters: Vec<Name> = inner
            .args
            .iter()
            .map(variable_name)
            .collect::<Converted<_>>()?;
        let has = |name: &str| {
            reads.iter().any(|read| &**read == name) && !parameters.iter().any(|p| &**p == name)
        };
        let (varargs, kwargs, caller) = (has("varargs"), has("kwargs"), has("caller"));
        self.reads.extend(reads);
        Ok(Macro {
            name: inner.name.into(),
            parameters,
            defaults,
            body,
            varargs,
            kwargs,
            caller,
        })
    }

    fn exprs(&mut self, exprs: &[mini::Expr<'_>]) -> Converted<Vec<Expr>> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn option(&mut self, expr: Option<&mini::Expr<'_>>) -> Converted<Option<Expr>> {
        expr.map(|expr| self.expr(expr)).transpose()
    }

    fn boxed(&mut self, expr: &mini::Expr<'_>) -> Converted<Box<Expr>> {
        self.expr(expr).map(Box::new)
    }

    fn expr(&mut self, expr: &mini::Expr<'_>) -> Converted<Expr> {
        Ok(match expr {
            mini::Expr::Var(inner) => {
                let name: Name = inner.id.into();
                if matches!(inner.id, "varargs" | "kwargs" | "caller") {
                    self.reads.push(name.clone());
                }
                Expr::Name(name)
            }
            mini::Expr::Const(inner) => self.constant(&inner.value)?,
            mini::Expr::Slice(inner) => Expr::Slice(Box::new(Slice {
                value: self.expr(&inner.expr)?,
                start: self.option(inner.start.as_ref())?,
                stop: self.option(inner.stop.as_ref())?,
                step: self.option(inner.step.as_ref())?,
            })),
            mini::Expr::UnaryOp(inner) => self.unary(inner)?,
            mini::Expr::BinOp(inner) => self.binary(inner)?,
            mini::Expr::Compare(inner) => {
                let first = self.boxed(&inner.expr)?;
                let rest = inner
                    .ops
                    .iter()
                    .map(|op| Ok((compare_op(op.op), self.expr(&op.expr)?)))
                    .collect::<Converted<_>>()?;
                Expr::Compare(first, rest)
            }
            mini::Expr::IfExpr(inner) => {
                let test = self.expr(&inner.test_expr)?;
                let yes = self.conditionally(|this| this.expr(&inner.true_expr))?;
                let no = self.conditionally(|this| this.option(inner.false_expr.as_ref()))?;
                Expr::If(Box::new((test, yes, no)))
            }
            mini::Expr::Filter(inner) => self.filter(inner)?,
            mini::Expr::Test(inner) => self.test(inner)?,
            mini::Expr::GetAttr(inner) => {
                Expr::Attribute(self.boxed(&inner.expr)?, inner.name.into())
            }
            mini::Expr::GetItem(inner) => Expr::Item(Box::new((
                self.expr(&inner.expr)?,
                self.expr(&inner.subscript_expr)?,
            ))),
            mini::Expr::Call(inner) => self.call(inner)?,
            mini::Expr::List(inner) => Expr::List(self.exprs(&inner.items)?),
            mini::Expr::Tuple(inner) => Expr::Tuple(self.exprs(&inner.items)?),
            mini::Expr::Map(inner) => Expr::Dict(
                inner
                    .keys
                    .iter()
                    .zip(&inner.values)
                    .map(|(key, value)| Ok((self.expr(key)?, self.expr(value)?)))
                    .collect::<Converted<_>>()?,
            ),
        })
    }

    fn constant(&self, value: &minijinja::Value) -> Converted<Expr> {
        let value = constant(value)?;
        if let Value::Str(text) = &value
            && self.constants == Constants::Templates
        {
            let trusted = Text::trusted(text.as_str(), None);
            if trusted.is_template() {
                return Ok(Expr::Nested(trusted));
            }
        }
        Ok(Expr::Const(value))
    }

    fn unary(&mut self, inner: &mini::UnaryOp<'_>) -> Converted<Expr> {
        match inner.op {
            mini::UnaryOpKind::Not => {
                // The parser writes `a not in b` as `not (a in b)`; so does Jinja2, in effect.
                Ok(Expr::Not(self.boxed(&inner.expr)?))
            }
            mini::UnaryOpKind::Neg => Ok(match self.expr(&inner.expr)? {
                // `+x` comes as `--x` from the passes before the parser.
                Expr::Negative(twice) => Expr::Positive(twice),
                Expr::Const(Value::Int(number)) if number != i64::MIN => {
                    Expr::Const(Value::Int(-number))
                }
                Expr::Const(Value::Float(number)) => Expr::Const(Value::Float(-number)),
                operand => Expr::Negative(Box::new(operand)),
            }),
        }
    }

    fn binary(&mut self, inner: &mini::BinOp<'_>) -> Converted<Expr> {
        use mini::BinOpKind as Op;
        let left = self.expr(&inner.left)?;
        let right = self.expr(&inner.right)?;
        Ok(match inner.op {
            Op::Add => arithmetic(BinaryOp::Add, left, right),
            Op::Sub => arithmetic(BinaryOp::Subtract, left, right),
            Op::Mul => arithmetic(BinaryOp::Multiply, left, right),
            Op::Div => arithmetic(BinaryOp::Divide, left, right),
            Op::FloorDiv => arithmetic(BinaryOp::FloorDivide, left, right),
            Op::Rem => arithmetic(BinaryOp::Modulo, left, right),
            Op::Pow => arithmetic(BinaryOp::Power, left, right),
            Op::ScAnd => Expr::And(Box::new((left, right))),
            Op::ScOr => Expr::Or(Box::new((left, right))),
            Op::Concat => match left {
                Expr::Concat(mut parts) => {
                    parts.push(right);
                    Expr::Concat(parts)
                }
                left => Expr::Concat(vec![left, right]),
            },
            Op::Eq => compare(CompareOp::Equal, left, right),
            Op::Ne => compare(CompareOp::NotEqual, left, right),
            Op::Lt => compare(CompareOp::Less, left, right),
            Op::Lte => compare(CompareOp::LessEqual, left, right),
            Op::Gt => compare(CompareOp::Greater, left, right),
            Op::Gte => compare(CompareOp::GreaterEqual, left, right),
            Op::In => compare(CompareOp::In, left, right),
        })
    }

    fn filter(&mut self, inner: &mini::Filter<'_>) -> Converted<Expr> {
        let value = match &inner.expr {
            Some(expr) => self.expr(expr)?,
            None => Expr::Body,
        };
        let arguments = self.arguments(&inner.args, Constants::Plain)?;
        if inner.name == scan::CALL_RESULT {
            return Ok(Expr::Call(Box::new(Call {
                callee: value,
                arguments,
            })));
        }
        let filter = registry::filter(inner.name);
        if filter.is_none() {
            self.miss(UnknownKind::Filter, inner.name);
        }
        Ok(Expr::Filter(Box::new(FilterCall {
            name: inner.name.into(),
            filter,
            value,
            arguments,
        })))
    }

    fn test(&mut self, inner: &mini::Test<'_>) -> Converted<Expr> {
        let value = self.expr(&inner.expr)?;
        let arguments = self.arguments(&inner.args, Constants::Plain)?;
        let test = registry::test(inner.name);
        if test.is_none() {
            self.miss(UnknownKind::Test, inner.name);
        }
        Ok(Expr::Test(Box::new(TestCall {
            name: inner.name.into(),
            test,
            value,
            arguments,
        })))
    }

    fn miss(&mut self, kind: UnknownKind, name: &str) {
        if self.conditional == 0 {
            self.unknown.push(Unknown {
                kind,
                name: name.into(),
            });
        }
    }

    fn call(&mut self, inner: &mini::Call<'_>) -> Converted<Expr> {
        let callee = self.expr(&inner.expr)?;
        let lookup =
            matches!(&callee, Expr::Name(name) if matches!(&**name, "lookup" | "query" | "q"));
        let constants = if lookup {
            Constants::Templates
        } else {
            Constants::Plain
        };
        let arguments = self.arguments(&inner.args, constants)?;
        Ok(Expr::Call(Box::new(Call { callee, arguments })))
    }

    fn arguments(
        &mut self,
        args: &[mini::CallArg<'_>],
        constants: Constants,
    ) -> Converted<Arguments> {
        let outer = self.constants;
        if constants == Constants::Templates {
            self.constants = constants;
        }
        let mut arguments = Arguments::default();
        for arg in args {
            match arg {
                mini::CallArg::Pos(expr) => arguments.positional.push(self.expr(expr)?),
                mini::CallArg::Kwarg(name, expr) => {
                    arguments.named.push((Text::new(*name), self.expr(expr)?));
                }
                mini::CallArg::PosSplat(expr) => arguments.splat.push(self.expr(expr)?),
                mini::CallArg::KwargSplat(expr) => arguments.named_splat.push(self.expr(expr)?),
            }
        }
        self.constants = outer;
        Ok(arguments)
    }
}

fn arithmetic(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    Expr::Binary(op, Box::new((left, right)))
}

fn compare(op: CompareOp, left: Expr, right: Expr) -> Expr {
    Expr::Compare(Box::new(left), vec![(op, right)])
}

fn compare_op(op: mini::CompareOpKind) -> CompareOp {
    match op {
        mini::CompareOpKind::Eq => CompareOp::Equal,
        mini::CompareOpKind::Ne => CompareOp::NotEqual,
        mini::CompareOpKind::Lt => CompareOp::Less,
        mini::CompareOpKind::Lte => CompareOp::LessEqual,
        mini::CompareOpKind::Gt => CompareOp::Greater,
        mini::CompareOpKind::Gte => CompareOp::GreaterEqual,
        mini::CompareOpKind::In => CompareOp::In,
        mini::CompareOpKind::NotIn => CompareOp::NotIn,
    }
}

fn constant(value: &minijinja::Value) -> Converted<Value> {
    if value.is_none() {
        return Ok(Value::None);
    }
    if value.kind() == minijinja::value::ValueKind::Bool {
        return Ok(Value::Bool(value.is_true()));
    }
    if let Some(text) = value.as_str() {
        if let Some(digits) = text.strip_prefix(BIG_NUMBER) {
            return big(digits);
        }
        return Ok(Value::text(text));
    }
    if !value.is_integer()
        && let Ok(number) = f64::try_from(value.clone())
    {
        return Ok(Value::Float(number));
    }
    big(&value.to_string())
}

fn big(digits: &str) -> Converted<Value> {
    let digits = digits.replace('_', "");
    let (digits, radix) = match digits.get(..2) {
        Some("0x" | "0X") => (&digits[2..], 16),
        Some("0o" | "0O") => (&digits[2..], 8),
        Some("0b" | "0B") => (&digits[2..], 2),
        _ => (digits.as_str(), 10),
    };
    BigInt::parse_bytes(digits.as_bytes(), radix)
        .map(Value::from_big)
        .ok_or_else(|| Error::new("invalid number"))
}

fn variable_name(expr: &mini::Expr<'_>) -> Converted<Name> {
    match expr {
        mini::Expr::Var(var) => Ok(var.id.into()),
        mini::Expr::Const(value) => value
            .value
            .as_str()
            .map(Name::from)
            .ok_or_else(|| Error::new("expected a name")),
        _ => Err(Error::new("expected a name")),
    }
}

fn target_of(expr: &mini::Expr<'_>) -> Converted<Target> {
    match expr {
        mini::Expr::Var(var) => Ok(Target::Name(var.id.into())),
        mini::Expr::GetAttr(attribute) => Ok(Target::Attribute(
            variable_name(&attribute.expr)?,
            attribute.name.into(),
        )),
        mini::Expr::List(items) => Ok(Target::Tuple(
            items
                .items
                .iter()
                .map(target_of)
                .collect::<Converted<_>>()?,
        )),
        mini::Expr::Tuple(items) => Ok(Target::Tuple(
            items
                .items
                .iter()
                .map(target_of)
                .collect::<Converted<_>>()?,
        )),
        _ => Err(Error::new("can't assign to this")),
    }
}
