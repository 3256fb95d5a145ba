//! The text around the replacement fields of `str.format`. Must not know what fields stand for.

use crate::error::Error;

/// The template with its fields filled in: `field` is given what follows a `{`, and gives the text that the field
/// stands for and what follows its `}`. Doubled braces are single ones.
pub(crate) fn filled<'t>(
    template: &'t str,
    mut field: impl FnMut(&'t str) -> Result<(String, &'t str), Error>,
) -> Result<String, Error> {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            out.push_str(brace);
            rest = after;
        } else if brace == "}" {
            return Err(Error::new("Single '}' encountered in format string"));
        } else {
            let (text, after) = field(rest)?;
            out.push_str(&text);
            rest = after;
        }
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_braces() {
        let field = |rest: &'static str| Ok((rest[..1].to_uppercase(), &rest[2..]));
        assert_eq!(filled("a{b}c{{d}}", field).unwrap(), "aBc{d}");
        assert_eq!(
            filled("}", field).unwrap_err().message(),
            "Single '}' encountered in format string"
        );
    }
}
