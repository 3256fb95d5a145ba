//! The syntax tree that the evaluator walks: owned, shared between threads, with names resolved to
//! filters and tests where that can be done once. Must not know minijinja.

use std::sync::Arc;

use nafal_base::{Text, Value};

use crate::advice::Advised;
use crate::plugin::{Filter, Test};

/// A name: of a variable, an attribute, a block.
pub(crate) type Name = Arc<str>;

/// A whole template.
#[derive(Debug, Default)]
pub(crate) struct Template {
    /// What it consists of.
    pub body: Vec<Stmt>,
    /// Its blocks by name, nested ones too.
    pub blocks: Vec<(Name, Arc<Vec<Stmt>>)>,
    /// Filters and tests that nobody knows and that are sure to be compiled: stock refuses the
    /// whole template then.
    pub unknown: Vec<Unknown>,
    /// How many newlines its text ended with.
    pub newlines: usize,
    /// Whether something in it may change a list or dict in place.
    pub changes: bool,
    /// Whether its variables were looked through for what will go.
    pub advised: Advised,
}

/// A filter or test that isn't native, or what keeps the whole from being run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unknown {
    pub kind: UnknownKind,
    pub name: Name,
    /// The line within the template, from 1.
    pub line: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnknownKind {
    Filter,
    Test,
    /// An argument that a call names twice.
    Repeated,
}

/// Where a loop goes on from its middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Jump {
    /// Behind its end.
    Break,
    /// With its next item.
    Continue,
}

#[derive(Debug)]
pub(crate) enum Stmt {
    /// `{% break %}`, `{% continue %}`.
    Jump(Jump),
    /// Text as it stands.
    Raw(Text),
    /// `{{ expr }}`, with its line.
    Emit(Expr, u32),
    If {
        arms: Vec<(Expr, Vec<Stmt>)>,
        otherwise: Vec<Stmt>,
        line: u32,
    },
    For(Arc<For>),
    Set {
        target: Target,
        value: Expr,
        line: u32,
    },
    SetBlock {
        target: Target,
        filter: Option<Expr>,
        body: Vec<Stmt>,
    },
    With {
        assignments: Vec<(Target, Expr)>,
        body: Vec<Stmt>,
    },
    Filter {
        filter: Expr,
        body: Vec<Stmt>,
    },
    Scope(Vec<Stmt>),
    Macro(Arc<Macro>),
    Call {
        call: Expr,
        caller: Arc<Macro>,
    },
    Block {
        name: Name,
    },
    Include {
        name: Expr,
        ignore_missing: IgnoreMissing,
        context: Context,
    },
    Import {
        name: Expr,
        target: Name,
        context: Context,
    },
    FromImport {
        name: Expr,
        names: Vec<(Name, Name)>,
        context: Context,
    },
    Extends(Expr),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IgnoreMissing {
    Yes,
    No,
}

/// Whether another template sees the variables of the one that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    Seen,
    Hidden,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recursion {
    Yes,
    No,
}

#[derive(Debug)]
pub(crate) struct For {
    pub target: Target,
    pub iterable: Expr,
    pub condition: Option<Expr>,
    pub recursion: Recursion,
    pub counter: Counter,
    pub body: Vec<Stmt>,
    pub otherwise: Vec<Stmt>,
}

/// Whether a loop's body reads `loop`: else it has none, for includes neither (case
/// `jinja-templates-deep`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counter {
    Read,
    Unread,
}

/// What an assignment writes to.
#[derive(Debug)]
pub(crate) enum Target {
    Name(Name),
    /// `ns.x`
    Attribute(Name, Name),
    Tuple(Vec<Target>),
}

#[derive(Debug)]
pub(crate) struct Macro {
    pub name: Name,
    pub parameters: Vec<Name>,
    /// Of the last parameters.
    pub defaults: Vec<Expr>,
    pub body: Vec<Stmt>,
    /// Whether the body reads `varargs`, `kwargs`, `caller`.
    pub varargs: bool,
    pub kwargs: bool,
    pub caller: bool,
}

/// Where a constant with Jinja in it stands: stock's advice depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Embedded {
    Condition,
    Lookup,
}

#[derive(Debug)]
pub(crate) enum Expr {
    Const(Value),
    /// A list or dict of constants: a new one each time.
    Container(Value),
    /// A string constant with Jinja in it, where stock renders it (conditions, lookups' arguments).
    Nested(Text, Embedded),
    Name(Name),
    Attribute(Box<Expr>, Name),
    Item(Box<(Expr, Expr)>),
    Slice(Box<Slice>),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    Positive(Box<Expr>),
    And(Box<(Expr, Expr)>),
    Or(Box<(Expr, Expr)>),
    Binary(BinaryOp, Box<(Expr, Expr)>),
    Concat(Vec<Expr>),
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    If(Box<(Expr, Expr, Option<Expr>)>),
    Filter(Box<FilterCall>),
    Test(Box<TestCall>),
    Call(Box<Call>),
    List(Vec<Expr>),
    Tuple(Vec<Expr>),
    Dict(Vec<(Expr, Expr)>),
    /// What a `{% filter %}` block or a filtered `{% set %}` block filters.
    Body,
}

#[derive(Debug)]
pub(crate) struct Slice {
    pub value: Expr,
    pub start: Option<Expr>,
    pub stop: Option<Expr>,
    pub step: Option<Expr>,
}

#[derive(Debug)]
pub(crate) struct FilterCall {
    pub name: Name,
    pub filter: Option<&'static Filter>,
    pub value: Expr,
    pub arguments: Arguments,
}

#[derive(Debug)]
pub(crate) struct TestCall {
    pub name: Name,
    pub test: Option<&'static Test>,
    pub value: Expr,
    pub arguments: Arguments,
}

#[derive(Debug)]
pub(crate) struct Call {
    pub callee: Expr,
    pub arguments: Arguments,
}

#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub positional: Vec<Expr>,
    pub named: Vec<(Text, Expr)>,
    /// `*args`
    pub splat: Vec<Expr>,
    /// `**kwargs`
    pub named_splat: Vec<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
}

impl BinaryOp {
    /// As Python writes it in its messages.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::FloorDivide => "//",
            BinaryOp::Modulo => "%",
            BinaryOp::Power => "** or pow()",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
}

impl CompareOp {
    /// As Python writes it in its messages.
    pub fn symbol(self) -> &'static str {
        match self {
            CompareOp::Equal => "==",
            CompareOp::NotEqual => "!=",
            CompareOp::Less => "<",
            CompareOp::LessEqual => "<=",
            CompareOp::Greater => ">",
            CompareOp::GreaterEqual => ">=",
            CompareOp::In => "in",
            CompareOp::NotIn => "not in",
        }
    }
}
