//! Expressions of minijinja's tree to ours.

use minijinja::machinery::ast as mini;
use nafal_base::{Text, Value};
use num_bigint::BigInt;

use super::parse::{Constants, Convert, Converted};
use crate::ast::{
    Arguments, BinaryOp, Call, CompareOp, Embedded, Expr, FilterCall, Name, Slice, TestCall,
    Unknown, UnknownKind,
};
use crate::error::Error;
use crate::registry;
use crate::scan::{self, BIG_NUMBER};

impl Convert {
    pub(super) fn exprs(&mut self, exprs: &[mini::Expr<'_>]) -> Converted<Vec<Expr>> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    pub(super) fn option(&mut self, expr: Option<&mini::Expr<'_>>) -> Converted<Option<Expr>> {
        expr.map(|expr| self.expr(expr)).transpose()
    }

    pub(super) fn boxed(&mut self, expr: &mini::Expr<'_>) -> Converted<Box<Expr>> {
        self.expr(expr).map(Box::new)
    }

    pub(super) fn expr(&mut self, expr: &mini::Expr<'_>) -> Converted<Expr> {
        Ok(match expr {
            mini::Expr::Var(inner) => {
                let name: Name = inner.id.into();
                if matches!(inner.id, "varargs" | "kwargs" | "caller" | "loop") {
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
                self.changes |= crate::methods::may_change(inner.name);
                Expr::Attribute(self.boxed(&inner.expr)?, inner.name.into())
            }
            mini::Expr::GetItem(inner) => {
                Expr::Item(Box::new((self.expr(&inner.expr)?, self.expr(&inner.subscript_expr)?)))
            }
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
        if matches!(value, Value::List(_) | Value::Dict(_)) {
            return Ok(Expr::Container(value));
        }
        if let Value::Str(text) = &value
            && let Constants::Templates(embedded) = self.constants
        {
            let trusted = Text::trusted(text.as_str(), None);
            if trusted.is_template() {
                return Ok(Expr::Nested(trusted, embedded));
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

    fn filter(&mut self, inner: &mini::Spanned<mini::Filter<'_>>) -> Converted<Expr> {
        let line = u32::from(inner.span().end_line);
        let filter = registry::filter(inner.name);
        let own = [scan::WITH_CONTEXT, scan::WITHOUT_CONTEXT, scan::CALL_RESULT];
        // The last filter of several is the first that is looked for (case `unknown-filters`).
        if filter.is_none() && !own.contains(&inner.name) {
            self.miss(UnknownKind::Filter, inner.name, line);
        }
        let value = match &inner.expr {
            Some(expr) => self.expr(expr)?,
            None => Expr::Body,
        };
        let arguments = self.arguments(&inner.args, Constants::Plain)?;
        if matches!(inner.name, scan::WITH_CONTEXT | scan::WITHOUT_CONTEXT) {
            return Ok(value);
        }
        if inner.name == scan::CALL_RESULT {
            return Ok(Expr::Call(Box::new(Call { callee: value, arguments })));
        }
        Ok(Expr::Filter(Box::new(FilterCall { name: inner.name.into(), filter, value, arguments })))
    }

    fn test(&mut self, inner: &mini::Spanned<mini::Test<'_>>) -> Converted<Expr> {
        let line = u32::from(inner.span().end_line);
        let test = registry::test(inner.name);
        if test.is_none() {
            self.miss(UnknownKind::Test, inner.name, line);
        }
        let value = self.expr(&inner.expr)?;
        let arguments = self.arguments(&inner.args, Constants::Plain)?;
        Ok(Expr::Test(Box::new(TestCall { name: inner.name.into(), test, value, arguments })))
    }

    fn miss(&mut self, kind: UnknownKind, name: &str, line: u32) {
        if self.conditional == 0 {
            self.unknown.push(Unknown { kind, name: name.into(), line });
        }
    }

    pub(super) fn call(&mut self, inner: &mini::Call<'_>) -> Converted<Expr> {
        let callee = self.expr(&inner.expr)?;
        let lookup =
            matches!(&callee, Expr::Name(name) if matches!(&**name, "lookup" | "query" | "q"));
        let constants =
            if lookup { Constants::Templates(Embedded::Lookup) } else { Constants::Plain };
        let mut arguments = self.arguments(&inner.args, constants)?;
        // The name is what it is.
        if lookup
            && let Some(name) = arguments.positional.first_mut()
            && let Expr::Nested(text, Embedded::Lookup) = name
        {
            *name = Expr::Const(Value::Str(text.untrusted()));
        }
        Ok(Expr::Call(Box::new(Call { callee, arguments })))
    }

    fn arguments(
        &mut self,
        args: &[mini::CallArg<'_>],
        constants: Constants,
    ) -> Converted<Arguments> {
        let outer = self.constants;
        if outer == Constants::Plain {
            self.constants = constants;
        }
        let mut arguments = Arguments::default();
        for arg in args {
            match arg {
                mini::CallArg::Pos(expr) => arguments.positional.push(self.expr(expr)?),
                // Only what lookups are asked by position is rendered.
                mini::CallArg::Kwarg(name, expr) => {
                    if arguments.named.iter().any(|(known, _)| known == name) {
                        let kind = UnknownKind::Repeated;
                        self.unknown.push(Unknown { kind, name: (*name).into(), line: 0 });
                    }
                    let inner = std::mem::replace(&mut self.constants, outer);
                    arguments.named.push((Text::new(*name), self.expr(expr)?));
                    self.constants = inner;
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
