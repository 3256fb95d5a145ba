//! Values that settings of stock's can't have, told in stock's order and words. Must not know what a
//! setting means.

use nafal_base::Value;

use super::effective::SettingSources;
use super::file::ConfigFile;
use super::known::{Known, known};
use super::options::base_options;
use super::reader::{listed, whole};
use crate::error::Error;

/// The plugin whose options are looked at besides: they are read as the run begins.
const SHOWN: &str = "CALLBACK.default.";

/// Fails with the first of them.
pub(super) fn refuse(
    environment: &dyn Fn(&str) -> Option<String>,
    file: &ConfigFile,
) -> Result<(), Error> {
    let sources = SettingSources::new(environment, file);
    let wrong = known().filter_map(|known| Some((known, fault(known, &sources)?)));
    let mut wrong: Vec<(&Known, Error)> = wrong.collect();
    if wrong.len() > 1 {
        let order = base_options();
        let place = |known: &Known| order.keys().position(|name| name.as_str() == Some(known.name));
        wrong.sort_by_key(|(known, _)| place(known).unwrap_or(usize::MAX));
    }
    wrong.into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
}

fn fault(known: &Known, sources: &SettingSources<'_>) -> Option<Error> {
    let number = match known.kind {
        "integer" | "int" | "float" => true,
        _ if known.choices.is_empty() => return None,
        _ => false,
    };
    let option = known.name.strip_prefix(SHOWN);
    if option.is_none() && known.name.contains('.') {
        return None;
    }
    let (origin, text, _) = sources.given(known)?;
    let setting = match option {
        Some(option) => format!("'{option}' for 'default' callback plugin"),
        None => format!("'{}'", known.name),
    };
    if number {
        let fits = match known.kind {
            "float" => text.trim().parse::<f64>().is_ok(),
            _ => whole(&text).is_some(),
        };
        let (kind, value) = (known.kind, Value::from(text.as_str()).repr());
        // Nothing in the environment is no wish, nothing in the file is a wrong one.
        let good = fits || (text.is_empty() && origin.starts_with("env: "));
        return (!good).then_some(Error::WrongNumber { setting, origin, kind, value });
    }
    let value = match known.kind {
        "list" => Value::List(listed(&text).into_iter().map(Value::from).collect()),
        _ => Value::from(text),
    };
    let allowed = |value: &Value| value.as_str().is_some_and(|text| known.choices.contains(&text));
    let good = match &value {
        Value::List(all) => all.iter().all(allowed),
        one => allowed(one),
    };
    let choices = known.choices.join(", ");
    (!good).then(|| Error::WrongChoice { setting, value: value.repr(), choices })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(variables: &[(&str, &str)]) -> String {
        let environment = |wanted: &str| {
            let found = variables.iter().find(|(own, _)| *own == wanted);
            found.map(|(_, value)| (*value).to_owned())
        };
        let refused = refuse(&environment, &ConfigFile::default());
        refused.err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_first_in_their_order() {
        assert_eq!(
            said(&[("ANSIBLE_PRIVATE_ROLE_VARS", "nonsense"), ("ANSIBLE_FORKS", "2.0")]),
            ""
        );
        let both = said(&[("ANSIBLE_TIMEOUT", "x"), ("ANSIBLE_GATHERING", "x")]);
        assert!(both.starts_with("Invalid value 'x' for config 'DEFAULT_GATHERING'. Valid"));
        let listed = said(&[("ANSIBLE_DISPLAY_TRACEBACK", "foo,never")]);
        assert!(listed.starts_with("Invalid value ['foo', 'never'] for config"));
        let option = said(&[("ANSIBLE_CALLBACK_RESULT_INDENTATION", "x")]);
        assert!(
            option.starts_with("Config 'result_indentation' for 'default' callback plugin from")
        );
    }
}
