//! Tokens to a tree, by the powers with which operators bind. Must not know what it will search.

use nafal_base::{Text, Value};

use super::lexer::{Kind, Token, lex};

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Identity,
    Current,
    Field(Text),
    Literal(Value),
    /// Each in what the one before gave.
    Sub(Vec<Node>),
    Index(i64),
    Slice([Option<i64>; 3]),
    Compare(Comparison, Box<[Node; 2]>),
    Or(Box<[Node; 2]>),
    And(Box<[Node; 2]>),
    Not(Box<Node>),
    Pipe(Box<[Node; 2]>),
    Flatten(Box<Node>),
    /// What the left gives, each item through the right.
    Projection(Box<[Node; 2]>),
    /// The same for a dict's values.
    ValueProjection(Box<[Node; 2]>),
    /// The same for items for which the third holds.
    FilterProjection(Box<[Node; 3]>),
    List(Vec<Node>),
    Dict(Vec<(Text, Node)>),
    Call(String, Vec<Node>),
    Reference(Box<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte,
}

/// Operators that bind less than this end a projection.
const PROJECTION_STOP: u8 = 10;
/// How deep expressions may nest.
const DEPTH: usize = 100;

type Parsed = Result<Node, String>;

struct Parser<'e> {
    expression: &'e str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// The tree of an expression.
pub(super) fn parse(expression: &str) -> Parsed {
    if expression.is_empty() {
        return Err("Invalid JMESPath expression: cannot be empty.".to_owned());
    }
    let tokens = lex(expression)?;
    let mut parser = Parser { expression, tokens, at: 0, depth: 0 };
    let node = parser.expression(0)?;
    match parser.current() {
        Kind::Eof => Ok(node),
        _ => {
            let value = parser.token().value.to_text().into_owned();
            parser.fault(parser.at, &format!("Unexpected token: {value}"))
        }
    }
}

fn pair(left: Node, right: Node) -> Box<[Node; 2]> {
    Box::new([left, right])
}

impl Parser<'_> {
    fn token(&self) -> &Token {
        // The last one is the end, which nobody passes.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn current(&self) -> Kind {
        self.token().kind
    }

    fn next_kind(&self) -> Kind {
        self.tokens.get(self.at + 1).map_or(Kind::Eof, |token| token.kind)
    }

    fn advance(&mut self) {
        self.at += 1;
    }

    fn fault<T>(&self, at: usize, why: &str) -> Result<T, String> {
        let token = &self.tokens[at.min(self.tokens.len() - 1)];
        let underline = " ".repeat(token.start + 1) + "^";
        Err(format!(
            "{why}: Parse error at column {}, token \"{}\" ({}), for expression:\n\"{}\"\n{underline}",
            token.start,
            token.value.to_text(),
            token.kind.name().to_uppercase(),
            self.expression
        ))
    }

    fn incomplete<T>(&self) -> Result<T, String> {
        let underline = " ".repeat(self.token().start + 1) + "^";
        Err(format!(
            "Invalid jmespath expression: Incomplete expression:\n\"{}\"\n{underline}",
            self.expression
        ))
    }

    fn expect(&mut self, kind: Kind) -> Result<(), String> {
        if self.current() == kind {
            self.advance();
            return Ok(());
        }
        if self.current() == Kind::Eof {
            return self.incomplete();
        }
        let why = format!("Expecting: {}, got: {}", kind.name(), self.current().name());
        self.fault(self.at, &why)
    }

    fn expression(&mut self, power: u8) -> Parsed {
        self.depth += 1;
        if self.depth > DEPTH {
            return self.fault(self.at, "this expression nests too deep");
        }
        let mut left = self.prefix()?;
        while power < self.current().power() {
            left = self.infix(left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn prefix(&mut self) -> Parsed {
        let at = self.at;
        let token = self.token().clone();
        if token.kind == Kind::Eof {
            return self.incomplete();
        }
        self.advance();
        match token.kind {
            Kind::Literal => Ok(Node::Literal(token.value)),
            Kind::UnquotedIdentifier => Ok(Node::Field(text(&token.value))),
            Kind::QuotedIdentifier => {
                if self.current() == Kind::Lparen {
                    return self.fault(at, "Quoted identifier not allowed for function names.");
                }
                Ok(Node::Field(text(&token.value)))
            }
            Kind::Star => {
                let right = match self.current() {
                    Kind::Rbracket => Node::Identity,
                    _ => self.projected(Kind::Star.power())?,
                };
                Ok(Node::ValueProjection(pair(Node::Identity, right)))
            }
            Kind::Filter => self.filter(Node::Identity),
            Kind::Lbrace => self.dict(),
            Kind::Lparen => {
                let inner = self.expression(0)?;
                self.expect(Kind::Rparen)?;
                Ok(inner)
            }
            Kind::Flatten => self.flatten(Node::Identity),
            Kind::Not => Ok(Node::Not(Box::new(self.expression(Kind::Not.power())?))),
            Kind::Lbracket => self.bracket(),
            Kind::Current => Ok(Node::Current),
            Kind::Expref => Ok(Node::Reference(Box::new(self.expression(0)?))),
            _ => self.fault(at, "Invalid token"),
        }
    }

    fn bracket(&mut self) -> Parsed {
        match self.current() {
            Kind::Number | Kind::Colon => {
                let index = self.index()?;
                self.sliced(Node::Identity, index)
            }
            Kind::Star if self.next_kind() == Kind::Rbracket => {
                self.at += 2;
                let right = self.projected(Kind::Star.power())?;
                Ok(Node::Projection(pair(Node::Identity, right)))
            }
            _ => self.list(),
        }
    }

    fn infix(&mut self, left: Node) -> Parsed {
        let at = self.at;
        let kind = self.current();
        self.advance();
        let comparison = match kind {
            Kind::Eq => Some(Comparison::Eq),
            Kind::Ne => Some(Comparison::Ne),
            Kind::Lt => Some(Comparison::Lt),
            Kind::Lte => Some(Comparison::Lte),
            Kind::Gt => Some(Comparison::Gt),
            Kind::Gte => Some(Comparison::Gte),
            _ => None,
        };
        if let Some(comparison) = comparison {
            let right = self.expression(kind.power())?;
            return Ok(Node::Compare(comparison, pair(left, right)));
        }
        match kind {
            Kind::Dot if self.current() == Kind::Star => {
                self.advance();
                let right = self.projected(Kind::Dot.power())?;
                Ok(Node::ValueProjection(pair(left, right)))
            }
            Kind::Dot => {
                let right = self.after_dot(Kind::Dot.power())?;
                Ok(chained(left, right))
            }
            Kind::Pipe => Ok(Node::Pipe(pair(left, self.expression(Kind::Pipe.power())?))),
            Kind::Or => Ok(Node::Or(pair(left, self.expression(Kind::Or.power())?))),
            Kind::And => Ok(Node::And(pair(left, self.expression(Kind::And.power())?))),
            Kind::Lparen => self.call(left, at),
            Kind::Filter => self.filter(left),
            Kind::Flatten => self.flatten(left),
            Kind::Lbracket => match self.current() {
                Kind::Number | Kind::Colon => {
                    let index = self.index()?;
                    self.sliced(left, index)
                }
                _ => {
                    self.expect(Kind::Star)?;
                    self.expect(Kind::Rbracket)?;
                    let right = self.projected(Kind::Star.power())?;
                    Ok(Node::Projection(pair(left, right)))
                }
            },
            _ => self.fault(at, "Invalid token"),
        }
    }

    fn call(&mut self, left: Node, at: usize) -> Parsed {
        let Node::Field(name) = left else {
            let before = &self.tokens[at.saturating_sub(1)];
            let why = format!("Invalid function name '{}'", before.value.to_text());
            return self.fault(at.saturating_sub(1), &why);
        };
        let mut arguments = Vec::new();
        while self.current() != Kind::Rparen {
            let argument = self.expression(0)?;
            if self.current() == Kind::Comma {
                self.advance();
            }
            arguments.push(argument);
        }
        self.expect(Kind::Rparen)?;
        Ok(Node::Call(name.to_string(), arguments))
    }

    fn filter(&mut self, left: Node) -> Parsed {
        let condition = self.expression(0)?;
        self.expect(Kind::Rbracket)?;
        let right = match self.current() {
            Kind::Flatten => Node::Identity,
            _ => self.projected(Kind::Filter.power())?,
        };
        Ok(Node::FilterProjection(Box::new([left, right, condition])))
    }

    fn flatten(&mut self, left: Node) -> Parsed {
        let right = self.projected(Kind::Flatten.power())?;
        Ok(Node::Projection(pair(Node::Flatten(Box::new(left)), right)))
    }

    /// `1]`, `1:2]`, `::-1]`
    fn index(&mut self) -> Parsed {
        if self.current() == Kind::Colon || self.next_kind() == Kind::Colon {
            return self.slice();
        }
        let index = self.token().value.as_int().unwrap_or(i64::MAX);
        self.advance();
        self.expect(Kind::Rbracket)?;
        Ok(Node::Index(index))
    }

    fn slice(&mut self) -> Parsed {
        let (mut parts, mut part) = ([None; 3], 0);
        while self.current() != Kind::Rbracket {
            match self.current() {
                Kind::Colon if part < 2 => part += 1,
                Kind::Number => parts[part] = self.token().value.as_int(),
                Kind::Eof => return self.incomplete(),
                _ => return self.fault(self.at, "syntax error"),
            }
            self.advance();
        }
        self.expect(Kind::Rbracket)?;
        Ok(Node::Slice(parts))
    }

    /// What is sliced is gone through item by item.
    fn sliced(&mut self, left: Node, index: Node) -> Parsed {
        let slices = matches!(index, Node::Slice(_));
        let node = chained(left, index);
        if !slices {
            return Ok(node);
        }
        let right = self.projected(Kind::Star.power())?;
        Ok(Node::Projection(pair(node, right)))
    }

    /// What each item of a projection goes through.
    fn projected(&mut self, power: u8) -> Parsed {
        match self.current() {
            kind if kind.power() < PROJECTION_STOP => Ok(Node::Identity),
            Kind::Lbracket | Kind::Filter => self.expression(power),
            Kind::Dot => {
                self.advance();
                self.after_dot(power)
            }
            _ => self.fault(self.at, "syntax error"),
        }
    }

    fn after_dot(&mut self, power: u8) -> Parsed {
        match self.current() {
            Kind::QuotedIdentifier | Kind::UnquotedIdentifier | Kind::Star => {
                self.expression(power)
            }
            Kind::Lbracket => {
                self.advance();
                self.list()
            }
            Kind::Lbrace => {
                self.advance();
                self.dict()
            }
            kind => {
                let why = format!(
                    "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', \
                     'lbrace'], got: {}",
                    kind.name()
                );
                self.fault(self.at, &why)
            }
        }
    }

    fn list(&mut self) -> Parsed {
        let mut items = Vec::new();
        loop {
            items.push(self.expression(0)?);
            if self.current() == Kind::Rbracket {
                break;
            }
            self.expect(Kind::Comma)?;
        }
        self.expect(Kind::Rbracket)?;
        Ok(Node::List(items))
    }

    fn dict(&mut self) -> Parsed {
        let mut entries = Vec::new();
        loop {
            let token = self.token().clone();
            if !matches!(token.kind, Kind::QuotedIdentifier | Kind::UnquotedIdentifier) {
                if token.kind == Kind::Eof {
                    return self.incomplete();
                }
                let why = format!(
                    "Expecting: ['quoted_identifier', 'unquoted_identifier'], got: {}",
                    token.kind.name()
                );
                return self.fault(self.at, &why);
            }
            self.advance();
            self.expect(Kind::Colon)?;
            entries.push((text(&token.value), self.expression(0)?));
            match self.current() {
                Kind::Comma => self.advance(),
                Kind::Rbrace => {
                    self.advance();
                    return Ok(Node::Dict(entries));
                }
                _ => {}
            }
        }
    }
}

fn chained(left: Node, right: Node) -> Node {
    match left {
        Node::Sub(mut steps) => {
            steps.push(right);
            Node::Sub(steps)
        }
        left => Node::Sub(vec![left, right]),
    }
}

fn text(value: &Value) -> Text {
    match value {
        Value::Str(text) => text.clone(),
        other => Text::new(other.to_text()),
    }
}
