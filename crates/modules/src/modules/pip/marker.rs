//! Markers of requirements (`; python_version < "3"`), written the one way. Must not know what they are of.

/// The marker as Python's `packaging` writes it; None for what isn't one.
pub fn normal(text: &str) -> Option<String> {
    let mut rest = tokens(text)?;
    rest.reverse();
    let shown = either(&mut rest)?;
    rest.is_empty().then_some(shown)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Operator(String),
    /// A variable, or a text with its quotes.
    Value(String),
}

const COMPARISONS: [&str; 8] = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' => {
                found.push(if first == '(' { Token::Open } else { Token::Close });
                1
            }
            '"' | '\'' => {
                let inner = rest[1..].split(first).next()?;
                rest[1 + inner.len()..].starts_with(first).then_some(())?;
                let quote = if inner.contains('"') { '\'' } else { '"' };
                found.push(Token::Value(format!("{quote}{inner}{quote}")));
                inner.len() + 2
            }
            _ => match COMPARISONS.iter().find(|operator| rest.starts_with(**operator)) {
                Some(operator) => {
                    found.push(Token::Operator((*operator).to_owned()));
                    operator.len()
                }
                None => {
                    let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
                    let word = &rest[..rest.find(|c| !is_of_word(c)).unwrap_or(rest.len())];
                    found.push(match word {
                        "" => return None,
                        "and" | "or" | "in" | "not" => Token::Operator(word.to_owned()),
                        _ => Token::Value(word.to_owned()),
                    });
                    word.len()
                }
            },
        };
        rest = rest[length..].trim_start();
    }
    Some(found)
}

/// The last token is the next one.
type Rest = Vec<Token>;

fn takes(rest: &mut Rest, word: &str) -> bool {
    let is_next = matches!(rest.last(), Some(Token::Operator(next)) if next == word);
    if is_next {
        rest.pop();
    }
    is_next
}

fn either(rest: &mut Rest) -> Option<String> {
    let mut shown = both(rest)?;
    while takes(rest, "or") {
        shown = format!("{shown} or {}", both(rest)?);
    }
    Some(shown)
}

fn both(rest: &mut Rest) -> Option<String> {
    let mut shown = one(rest)?;
    while takes(rest, "and") {
        shown = format!("{shown} and {}", one(rest)?);
    }
    Some(shown)
}

fn one(rest: &mut Rest) -> Option<String> {
    if rest.last() == Some(&Token::Open) {
        rest.pop();
        let inner = either(rest)?;
        return (rest.pop() == Some(Token::Close)).then(|| format!("({inner})"));
    }
    let left = value(rest)?;
    let operator = match rest.pop()? {
        Token::Operator(word) if word == "not" && takes(rest, "in") => "not in".to_owned(),
        Token::Operator(word) if !matches!(word.as_str(), "and" | "or" | "not") => word,
        _ => return None,
    };
    Some(format!("{left} {operator} {}", value(rest)?))
}

fn value(rest: &mut Rest) -> Option<String> {
    match rest.pop()? {
        Token::Value(value) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn written_the_one_way() {
        let marker = "extra=='a' and (os_name== 'posix' or 'x' not  in sys_platform)";
        let shown = "extra == \"a\" and (os_name == \"posix\" or \"x\" not in sys_platform)";
        assert_eq!(normal(marker).as_deref(), Some(shown));
        for bad in ["", "nosuch", "a == ", "a == 'b", "(a == 'b'", "a == 'b' and", "a + 'b'"] {
            assert_eq!(normal(bad), None, "{bad}");
        }
    }
}
