//! The parser's reasons in Jinja2's words. Must not know the parser's types.

/// What was being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Template,
    Expression,
}

/// How Jinja2 names a token of this text.
fn name(text: &str) -> &str {
    match text.trim() {
        "" => "end of template",
        "}}" | "-}}" | "+}}" => "end of print statement",
        "%}" | "-%}" | "+%}" => "end of statement block",
        text if text.starts_with(['\'', '"']) => "string",
        text if text.starts_with(|c: char| c.is_ascii_digit()) => {
            if text.contains('.') {
                "float"
            } else {
                "integer"
            }
        }
        text => text,
    }
}

/// How Jinja2 names what the parser expected.
fn expected(text: &str) -> &str {
    match text {
        "end of variable block" => "end of print statement",
        "end of block" => "end of statement block",
        "identifier" => "name",
        "assignment operator" => "=",
        text => text.trim_matches('`'),
    }
}

/// Whether a token is a number or a text.
fn is_constant(token: &str) -> bool {
    matches!(name(token), "string" | "integer" | "float")
}

/// Whether what follows this is to get a value.
fn is_assigned(before: &str) -> bool {
    let before = before.trim_end();
    ["set", "for"].iter().any(|word| {
        before
            .strip_suffix(word)
            .is_some_and(|rest| rest.trim_end_matches('-').trim_end().ends_with("{%"))
    })
}

/// The reason for a syntax error, from the parser's words and the token it stopped at.
pub(crate) fn syntax(detail: &str, (before, token): (&str, &str), part: Part) -> String {
    if let Some((got, wanted)) =
        detail.strip_prefix("unexpected ").and_then(|rest| rest.split_once(", expected "))
    {
        let got = if got == "end of input" { "" } else { token };
        return match wanted {
            "identifier or integer" => "expected name or number".to_owned(),
            "identifier" if is_constant(token) && is_assigned(before) => {
                "can't assign to 'const'".to_owned()
            }
            "expression" if got.is_empty() => "unexpected 'end of template'".to_owned(),
            "expression" => format!("Expected an expression, got '{}'", name(got)),
            _ if got.is_empty() => {
                format!("unexpected end of template, expected '{}'.", expected(wanted))
            }
            _ => format!("expected token '{}', got '{}'", expected(wanted), name(got)),
        };
    }
    match detail {
        "non-keyword arg after keyword arg" => {
            "invalid syntax for function call expression".to_owned()
        }
        detail if detail.starts_with("mismatching name on block") => {
            let got = detail.split('`').nth(1).unwrap_or_default();
            format!("expected token 'end of statement block', got '{got}'")
        }
        "unexpected input after expression" | "unexpected input after end of variable block"
            if part == Part::Expression =>
        {
            "chunk after expression".to_owned()
        }
        detail if detail.starts_with("unexpected ") && !token.is_empty() => {
            format!("unexpected '{}'", name(token))
        }
        detail => detail.to_owned(),
    }
}
