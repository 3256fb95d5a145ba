//! What `uri` sends: `body` in the format that `body_format` names, or a file. Must not know answers.

use std::path::PathBuf;

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::http::{Encoding, FORM_TYPE, Part, encode_multipart, form};

/// What is sent, and the content type that it has by itself.
pub struct Sent {
    /// The bytes.
    pub bytes: Option<Vec<u8>>,
    /// The content type.
    pub kind: Option<Kind>,
}

/// A content type.
pub enum Kind {
    /// Unless the task has a header of its own.
    Default(&'static str),
    /// Whatever the task says.
    Fixed(String),
}

/// The body that the arguments ask for. `Err(Ok(text))` is what stock's client says when it sends one
/// that can't be sent.
pub fn from_arguments(args: &Arguments, ctx: &Ctx) -> Result<Result<Sent, String>> {
    if let Some(source) = args.text("src") {
        let bytes = std::fs::read(ctx.resolve(source)).map_err(|_| {
            Failure::new(format!("Unable to open source file {source}")).with("elapsed", 0)
        })?;
        return Ok(Ok(Sent { bytes: Some(bytes), kind: None }));
    }
    let Some(body) = args.value("body") else { return Ok(Ok(Sent { bytes: None, kind: None })) };
    let (text, kind) = match args.required_text("body_format") {
        "json" => {
            let text = match body {
                Value::Str(text) => text.to_string(),
                other => to_json(other, Style::LINE),
            };
            (text, Some(Kind::Default("application/json")))
        }
        "form-urlencoded" => {
            (urlencoded(body)?, Some(Kind::Default("application/x-www-form-urlencoded")))
        }
        "form-multipart" => {
            let (boundary, bytes) = multipart(body, ctx)?;
            let kind = Kind::Fixed(format!("{FORM_TYPE}\"{boundary}\""));
            return Ok(Ok(Sent { bytes: Some(bytes), kind: Some(kind) }));
        }
        _ => match body {
            Value::Str(text) => (text.to_string(), None),
            Value::Dict(_) | Value::List(_) | Value::Tuple(_) => {
                return Ok(Err("can't concat str to bytes".to_owned()));
            }
            other => {
                return Ok(Err(format!(
                    "message_body should be a bytes-like object or an iterable, got <class '{}'>",
                    other.type_name()
                )));
            }
        },
    };
    Ok(Ok(Sent { bytes: Some(text.into_bytes()), kind }))
}

/// Pairs of a dict or of a list of pairs; a value that is a list gives its name several times.
fn urlencoded(body: &Value) -> Result<String> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut add = |name: &Value, value: &Value| match value {
        Value::None => {}
        Value::List(items) => {
            let items = items.iter().filter(|item| !item.is_none());
            pairs.extend(
                items.map(|item| (name.to_text().into_owned(), item.to_text().into_owned())),
            );
        }
        other => pairs.push((name.to_text().into_owned(), other.to_text().into_owned())),
    };
    match body {
        Value::Str(text) => return Ok(text.to_string()),
        Value::Dict(dict) => dict.iter().for_each(|(name, value)| add(name.value(), value)),
        Value::List(items) => {
            for item in items.iter() {
                match item.as_list().map(|pair| &**pair) {
                    Some([name, value]) => add(name, value),
                    Some(other) => {
                        let (count, word) =
                            (other.len(), if other.len() > 2 { "many" } else { "few" });
                        return Err(Failure::new(match word {
                            "many" => "too many values to unpack (expected 2)".to_owned(),
                            _ => format!("not enough values to unpack (expected 2, got {count})"),
                        }));
                    }
                    None => {
                        let kind = item.type_name();
                        return Err(Failure::new(format!(
                            "cannot unpack non-iterable {kind} object"
                        )));
                    }
                }
            }
        }
        other => {
            let kind = other.type_name();
            return Err(Failure::new(format!("'{kind}' object is not iterable")));
        }
    }
    Ok(form(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))))
}

/// One field of a form as it was given.
struct Field {
    name: String,
    filename: Option<String>,
    file: Option<PathBuf>,
    content: Option<String>,
    kind: Option<String>,
    encoding: Encoding,
}

fn multipart(body: &Value, ctx: &Ctx) -> Result<(String, Vec<u8>)> {
    let failed =
        |why: String| Failure::new(format!("failed to parse body as form-multipart: {why}"));
    let dict = body.as_dict().ok_or_else(|| {
        failed(format!("Mapping is required, cannot be type {}", body.type_name()))
    })?;
    let mut fields = Vec::new();
    for (name, value) in dict.iter() {
        fields.push(field(name.value().to_text().into_owned(), value, ctx).map_err(failed)?);
    }
    let parts: Vec<Part<'_>> = fields
        .iter()
        .map(|field| Part {
            name: &field.name,
            filename: field.filename.as_deref(),
            file: field.file.as_deref(),
            content: field.content.as_deref(),
            kind: field.kind.as_deref(),
            encoding: field.encoding,
        })
        .collect();
    encode_multipart(&parts)
        .map_err(|error| failed(crate::files::failure::errno_text(&error, None)))
}

fn field(name: String, value: &Value, ctx: &Ctx) -> Result<Field, String> {
    let plain = |content: String| Field {
        name: name.clone(),
        filename: None,
        file: None,
        content: Some(content),
        kind: Some("text/plain".to_owned()),
        encoding: Encoding::default(),
    };
    let given: &Dict = match value {
        Value::Str(text) => return Ok(plain(text.to_string())),
        Value::Dict(given) => given,
        other => {
            let kind = other.type_name();
            return Err(format!("value must be a string, or mapping, cannot be type {kind}"));
        }
    };
    let text = |key: &str| {
        given.get(key).filter(|value| !value.is_none()).map(|value| value.to_text().into_owned())
    };
    let (filename, content) = (text("filename"), text("content"));
    if filename.is_none() && content.is_none() {
        return Err("at least one of filename or content must be provided".to_owned());
    }
    let encoding = match text("multipart_encoding").as_deref() {
        None | Some("base64") => Encoding::Base64,
        Some("7or8bit") => Encoding::Plain,
        Some(_) => {
            return Err("multipart_encoding must be one of base64, 7or8bit.".to_owned());
        }
    };
    let file = text("_nafal_file").or_else(|| filename.clone()).map(|path| ctx.resolve(path));
    Ok(Field { name, filename, file, content, kind: text("mime_type"), encoding })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let mut dict = Dict::new();
        dict.insert("a", "x y".into());
        dict.insert("b", Value::from(vec![Value::Int(1), Value::Int(2)]));
        dict.insert("c", Value::Bool(true));
        dict.insert("d", Value::None);
        assert_eq!(urlencoded(&Value::Dict(dict)).unwrap(), "a=x+y&b=1&b=2&c=True");
        assert!(urlencoded(&Value::from(vec![Value::Int(1)])).is_err());
    }
}
