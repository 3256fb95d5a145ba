//! Where a number, a bool or null was written: they carry no place, but the names before them do.
//! Must not know what is wrong with them.

use nafal_base::{Scope, Span, Value};

use crate::ast::Expr;

/// The place of the value that a path of names leads to, when it is one that carries none.
pub(crate) fn of(path: &Expr, scope: &dyn Scope) -> Option<Span> {
    let key = match path {
        Expr::Name(name) => match scope.get(name)? {
            Value::Str(_) | Value::List(_) | Value::Dict(_) => return None,
            _ => scope.place(name)?,
        },
        Expr::Attribute(base, name) => {
            let Value::Dict(dict) = container(base, scope)? else { return None };
            let (key, value) = dict.entry(name)?;
            match value {
                Value::Str(_) | Value::List(_) | Value::Dict(_) => return None,
                _ => key.as_text()?.span()?.clone(),
            }
        }
        _ => return None,
    };
    behind(&key)
}

fn container(path: &Expr, scope: &dyn Scope) -> Option<Value> {
    match path {
        Expr::Name(name) => scope.get(name),
        Expr::Attribute(base, name) => match container(base, scope)? {
            Value::Dict(dict) => dict.get(name).cloned(),
            _ => None,
        },
        _ => None,
    }
}

/// The place behind a key and its colon, when both stand on one line. INI inventories know the line
/// alone.
fn behind(key: &Span) -> Option<Span> {
    if key.column == 0 {
        return Some(key.clone());
    }
    let line: Vec<char> = key.source.line(key.line)?.chars().collect();
    let start = usize::try_from(key.column.checked_sub(1)?).ok()?;
    let mut at = start;
    if let Some(quote) = line.get(start).filter(|c| matches!(c, '"' | '\'')) {
        at += 1 + line.get(start + 1..)?.iter().position(|c| c == quote)?;
    }
    at += line.get(at..)?.iter().position(|c| *c == ':')? + 1;
    at += line.get(at..)?.iter().position(|c| !c.is_whitespace())?;
    Some(Span::new(&key.source, key.line, u32::try_from(at + 1).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nafal_base::Source;

    #[test]
    fn behind_the_colon() {
        let source = Source::new("a.yml", "  vars: {n: 1, \"m:\":   2}\nx:\n  5\n");
        let column = |column| behind(&Span::new(&source, 1, column)).map(|span| span.column);
        assert_eq!(column(10), Some(13));
        assert_eq!(column(16), Some(24));
        assert_eq!(behind(&Span::new(&source, 2, 1)), None);
        assert_eq!(column(0), Some(0));
    }
}
