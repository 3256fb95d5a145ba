//! `%(name)s` in values of INI files, as Python's configparser has it. Must not know where the
//! values come from.

use crate::value::string_repr;

/// How deep values may name each other.
const STEPS: usize = 10;

/// A value in its section.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The section's name.
    pub section: &'a str,
    /// The key, as messages name it.
    pub key: &'a str,
}

/// The value with all that it names filled in; `find` knows the other values by key as written.
pub fn interpolated<'a>(
    place: &Place<'_>,
    value: &'a str,
    find: &impl Fn(&str) -> Result<&'a str, String>,
) -> Result<String, String> {
    let mut out = String::new();
    fill(place, value, value, find, &mut out, 1)?;
    Ok(out)
}

fn fill<'a>(
    place: &Place<'_>,
    raw: &str,
    value: &'a str,
    find: &impl Fn(&str) -> Result<&'a str, String>,
    out: &mut String,
    depth: usize,
) -> Result<(), String> {
    let Place { section, key } = place;
    let (section, key, told) = (string_repr(section), string_repr(key), string_repr(raw));
    if depth > STEPS {
        return Err(format!(
            "Recursion limit exceeded in value substitution: option {key} in section {section} \
             contains an interpolation key which cannot be substituted in {STEPS} steps. Raw value: {told}"
        ));
    }
    let mut rest = value;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("%%") {
            out.push('%');
            rest = after;
            continue;
        }
        let Some(inner) = rest.strip_prefix("%(") else {
            let found = string_repr(rest);
            return Err(format!("'%' must be followed by '%' or '(', found: {found}"));
        };
        let named = inner
            .split_once(')')
            .filter(|(name, _)| !name.is_empty())
            .and_then(|(name, after)| Some((name, after.strip_prefix('s')?)));
        let Some((name, after)) = named else {
            return Err(format!("bad interpolation variable reference {}", string_repr(rest)));
        };
        rest = after;
        let other = find(name).map_err(|name| {
            format!(
                "Bad value substitution: option {key} in section {section} contains an \
                 interpolation key {} which is not a valid option name. Raw value: {told}",
                string_repr(&name)
            )
        })?;
        fill(place, raw, other, find, out, depth + 1)?;
    }
    out.push_str(rest);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(value: &str) -> Result<String, String> {
        let find = |name: &str| match name {
            "a" => Ok("1%(b)s"),
            "b" => Ok("2"),
            "loop" => Ok("%(loop)s"),
            other => Err(other.to_owned()),
        };
        interpolated(&Place { section: "s", key: "k" }, value, &find)
    }

    #[test]
    fn names_are_filled_in() {
        assert_eq!(filled("x %(a)s %% %(b)s.").unwrap(), "x 12 % 2.");
        assert_eq!(filled("plain").unwrap(), "plain");
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert!(filled("%u").unwrap_err().contains("found: '%u'"));
        assert!(filled("%(a)d").unwrap_err().contains("reference '%(a)d'"));
        assert!(filled("%(c)s").unwrap_err().contains("key 'c' which"));
        assert!(filled("%(loop)s").unwrap_err().contains("10 steps"));
    }
}
