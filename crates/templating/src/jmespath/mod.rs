//! JMESPath as Python's `jmespath` reads and searches it, with its complaints: what `json_query` asks.
//! Own, because the crates keep objects sorted, and here the order of keys is meaning.

mod functions;
mod interpreter;
mod kinds;
mod lexer;
mod parser;

use nafal_base::Value;

/// What an expression finds in data.
pub fn search(expression: &str, data: &Value) -> Result<Value, Fault> {
    let node = parser::parse(expression).map_err(Fault::Path)?;
    interpreter::visit(&node, data)
}

/// Why nothing could be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The expression is wrong, or a function was called wrongly: what `jmespath` itself raises.
    Path(String),
    /// What Python raises meanwhile.
    Python(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(expression: &str, json: &str) -> String {
        let data = crate::python_json::read(json).unwrap_or_default();
        match search(expression, &data) {
            Ok(value) => value.repr(),
            Err(Fault::Path(words) | Fault::Python(words)) => words,
        }
    }

    #[test]
    fn searches() {
        let people = r#"{"p": [{"n": "b", "a": 3, "t": ["x"]}, {"n": "a", "a": 5}], "d": {"z": 1, "y": {"n": 2}}}"#;
        for (expression, value) in [
            ("p[*].n", "['b', 'a']"),
            ("p[].t[]", "['x']"),
            ("p[?a > `3`].n | [0]", "'a'"),
            ("p[?n=='b' && a==`3`].{name: n, age: a}", "[{'name': 'b', 'age': 3}]"),
            ("p[-1].[n, a]", "['a', 5]"),
            ("p[::-1].n", "['a', 'b']"),
            ("d.*", "[1, {'n': 2}]"),
            ("d.*.n", "[2]"),
            ("d.\"z\" || 'no'", "1"),
            ("nosuch || 'no'", "'no'"),
            ("!p", "False"),
            ("keys(d)", "['z', 'y']"),
            ("sort_by(p, &n)[].a", "[5, 3]"),
            ("max_by(p, &a).n", "'a'"),
            ("length(p)", "2"),
            ("join(', ', p[].n)", "'b, a'"),
            ("to_string(d)", "'{\"z\":1,\"y\":{\"n\":2}}'"),
            ("map(&a, p)", "[3, 5]"),
            ("@.d.y.n", "2"),
            ("p[0].t[0]", "'x'"),
            ("sum(p[].a)", "8"),
            ("avg(p[].a)", "4.0"),
            ("type(p)", "'array'"),
            ("merge(d, `{\"z\": 9}`)", "{'z': 9, 'y': {'n': 2}}"),
            ("p[?contains(n, 'a')].a", "[5]"),
            ("p[?t].n", "['b']"),
            ("p[?!t].n", "['a']"),
            ("(p[0] | n)", "'b'"),
            ("`[1, 2]`[1]", "2"),
            ("'it\\'s'", "\"it's\""),
        ] {
            assert_eq!(found(expression, people), value, "{expression}");
        }
    }

    #[test]
    fn complaints() {
        for (expression, words) in [
            ("", "Invalid JMESPath expression: cannot be empty."),
            ("a |", "Invalid jmespath expression: Incomplete expression:\n\"a |\"\n    ^"),
            ("nosuch(@)", "Unknown function: nosuch()"),
            (
                "abs('x')",
                "In function abs(), invalid type for value: x, expected one of: ['number'], \
                 received: \"string\"",
            ),
            ("abs()", "Expected 1 argument for function abs(), received 0"),
        ] {
            assert_eq!(found(expression, "{}"), words, "{expression}");
        }
    }
}
