//! A source as a stanza of fields, in the order in which stock's module writes them. Must not know files.

use nafal_base::Value;

use crate::arguments::Arguments;

/// Arguments that are fields, in order, and what the fields are called where that isn't their own name.
const FIELDS: &[(&str, Option<&str>)] = &[
    ("allow_downgrade_to_insecure", None),
    ("allow_insecure", None),
    ("allow_weak", None),
    ("architectures", None),
    ("by_hash", None),
    ("check_date", None),
    ("check_valid_until", None),
    ("components", None),
    ("date_max_future", None),
    ("enabled", None),
    ("exclude", None),
    ("include", None),
    ("inrelease_path", None),
    ("languages", None),
    ("name", Some("X-Repolib-Name")),
    ("pdiffs", None),
    ("signed_by", None),
    ("suites", None),
    ("targets", None),
    ("trusted", None),
    ("types", None),
    ("uris", Some("URIs")),
];

/// The stanza; `key` is what the field `Signed-By` says.
pub fn written(args: &Arguments, key: Option<&str>) -> String {
    let mut text = String::new();
    for (name, shown) in FIELDS {
        let value = match (*name, key) {
            ("signed_by", Some(key)) => key.to_owned(),
            _ => match args.value(name) {
                Some(value) => said(value),
                None => continue,
            },
        };
        let shown = shown.map_or_else(|| title(name), str::to_owned);
        field(&mut text, &shown, &value);
    }
    text
}

/// `by_hash` is `By-Hash`.
fn title(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let (first, rest) = word.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    });
    words.collect::<Vec<_>>().join("-")
}

fn said(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::List(items) => items.iter().map(Value::to_text).collect::<Vec<_>>().join(" "),
        other => other.to_text().into_owned(),
    }
}

fn field(text: &mut String, name: &str, value: &str) {
    text.push_str(name);
    text.push(':');
    if value.contains('\n') {
        for line in value.trim().lines().map(str::trim) {
            text.push_str("\n    ");
            // An empty line would end the stanza.
            text.push_str(if line.is_empty() { "." } else { line });
        }
    } else if !value.is_empty() {
        text.push(' ');
        text.push_str(value);
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        let shown = |value: &str| {
            let mut text = String::new();
            field(&mut text, "A", value);
            text
        };
        assert_eq!((shown("").as_str(), shown("b c ").as_str()), ("A:\n", "A: b c \n"));
        assert_eq!(shown("\n b\n\nc  \n"), "A:\n    b\n    .\n    c\n");
        assert_eq!(
            (title("by_hash"), title("pdiffs")),
            ("By-Hash".to_owned(), "Pdiffs".to_owned())
        );
    }
}
