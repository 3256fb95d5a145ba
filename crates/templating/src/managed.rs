//! The configured `ansible_managed`: placeholders of the template file, dates, then templates.
//! Must not know where the file's properties come from.

use nafal_base::Text;
use nafal_base::dates::{Moment, strftime};

use crate::error::Error;
use crate::python_format::braces::filled;

/// What the placeholders stand for.
pub(crate) struct Properties<'a> {
    /// The file, as the task names it.
    pub file: &'a str,
    /// Its owner.
    pub uid: &'a str,
    /// The controller.
    pub host: &'a str,
    /// When it was changed, in local time.
    pub changed: &'a Moment,
}

/// What a template sees as `ansible_managed`: a template, in which names stay as they are.
pub(crate) fn managed(setting: &str, properties: &Properties<'_>) -> Result<Text, Error> {
    let named = with_names(setting, properties)?;
    let dated =
        strftime(&named, properties.changed, None).map_err(|why| Error::new(why.to_string()))?;
    Ok(Text::trusted(dated, None))
}

/// `str.format` with these names.
fn with_names(setting: &str, properties: &Properties<'_>) -> Result<String, Error> {
    filled(setting, |rest| {
        let Some((name, after)) = rest.split_once('}') else {
            return Err(Error::new("expected '}' before end of string"));
        };
        let value = match name {
            "file" => properties.file,
            "uid" => properties.uid,
            "host" => properties.host,
            other => return Err(refused(other)),
        };
        Ok((literal(value), after))
    })
}

fn refused(name: &str) -> Error {
    if name.is_empty() || name.bytes().all(|byte| byte.is_ascii_digit()) {
        let index: u32 = name.parse().unwrap_or_default();
        return Error::new(format!(
            "Replacement index {index} out of range for positional args tuple"
        ));
    }
    if name.contains(['!', ':', '.', '[']) {
        return Error::new(format!(
            "the placeholder '{{{name}}}' of 'ansible_managed' is not built yet in nafal"
        ))
        .hint("{file}, {uid} and {host} are there");
    }
    Error::new(nafal_base::value::string_repr(name))
}

/// A name that neither dates nor templates change (case `template-managed`).
fn literal(text: &str) -> String {
    let dated = text.replace('%', "%%");
    if text.contains(['{', '}']) {
        let quoted = nafal_base::value::string_repr(&dated);
        format!("{{{{ {quoted} }}}}")
    } else {
        dated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(setting: &str) -> Result<String, Error> {
        let changed = Moment::from_microseconds(1_577_934_245_000_000);
        let properties = Properties { file: "%n{{x", uid: "me", host: "here", changed: &changed };
        managed(setting, &properties).map(|text| text.to_string())
    }

    #[test]
    fn placeholders_and_dates() {
        assert_eq!(with("by {uid} on {host} %Y-%m-%d %%").unwrap(), "by me on here 2020-01-02 %");
        assert_eq!(with("{file}").unwrap(), "{{ '%n{{x' }}");
        assert_eq!(with("{{{{ 1 }}}}").unwrap(), "{{ 1 }}");
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert_eq!(with("{nope}").unwrap_err().message(), "'nope'");
        assert!(with("{").unwrap_err().message().starts_with("expected '}'"));
        assert!(with("}").unwrap_err().message().starts_with("Single '}'"));
        assert!(with("{}").unwrap_err().message().starts_with("Replacement index 0"));
        assert!(with("{file!r}").unwrap_err().message().contains("not built"));
    }
}
