//! What can be said of a task's arguments as they were written, before anything is rendered: names that there
//! aren't, and constants that can't be what they must be. Must not know where they were written.

use nafal_base::wire::Surroundings;
use nafal_base::{Dict, Value};

use super::check::{choose, default_is_nothing};
use super::convert::convert;
use crate::ctx::Ctx;
use crate::spec::{Argument, Need, Spec};

/// Something that is wrong with arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No argument has this name.
    Unknown {
        /// The name as written.
        name: String,
    },
    /// A constant that can't be converted, or that is none of the choices.
    Wrong {
        /// The name as written.
        name: String,
        /// Why, in the words of a run.
        message: String,
        /// What it may be, where that is a fixed set.
        choices: &'static [&'static str],
    },
    /// One that must be given isn't.
    Missing {
        /// Its name.
        name: &'static str,
    },
}

/// Every fault of arguments whose templates are still to be rendered: of those nothing is said.
pub fn faults(spec: &Spec, given: &Dict) -> Vec<Fault> {
    let ctx = Ctx::plain(spec.name, Surroundings::default());
    let mut found = Vec::new();
    for (key, value) in given {
        if key.value().has_template() {
            continue;
        }
        let name = key.value().to_text().into_owned();
        match spec.argument(&name) {
            None => found.push(Fault::Unknown { name }),
            Some(argument) => found.extend(wrong(argument, name, value, &ctx)),
        }
    }
    let is_given = |argument: &Argument| {
        given.keys().any(|key| {
            let name = key.value().to_text();
            argument.name == name || argument.aliases.contains(&&*name)
        })
    };
    let needed = spec.all().filter(|argument| argument.need == Need::Required);
    let missing = needed.filter(|argument| !is_given(argument));
    found.extend(missing.map(|argument| Fault::Missing { name: argument.name }));
    found
}

fn wrong(argument: &Argument, name: String, value: &Value, ctx: &Ctx) -> Option<Fault> {
    if value.has_template() || value.is_none() && default_is_nothing(argument) {
        return None;
    }
    let message = match convert(argument, value, ctx) {
        Err(message) => message,
        Ok(_) if argument.choices.is_empty() => return None,
        Ok(value) => choose(argument, &value).err()?,
    };
    Some(Fault::Wrong { name, message, choices: argument.choices })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nafal_base::Text;

    use crate::spec::Kind;

    const SPEC: Spec = Spec::new(
        "example",
        &[
            Argument::path("path").aliases(&["dest"]).required(),
            Argument::text("state").choices(&["file", "no"]).or_text("no"),
            Argument::list("n", Kind::Int),
        ],
    );

    fn found(given: &[(&str, Value)]) -> Vec<Fault> {
        faults(&SPEC, &given.iter().map(|(key, value)| (*key, value.clone())).collect())
    }

    #[test]
    fn what_is_rendered_later_is_let_be() {
        let template = Value::Str(Text::trusted("{{ x }}", None));
        let items = Value::from(vec![Value::Int(1), template.clone()]);
        let given = [("dest", template.clone()), ("state", template), ("n", items)];
        assert_eq!(found(&given), []);
        assert_eq!(found(&[("path", "/x".into()), ("state", false.into())]), []);
    }

    #[test]
    fn faults_of_constants() {
        let all = found(&[("pth", "/x".into()), ("state", "fil".into()), ("n", "1,a".into())]);
        let [unknown, choice, kind, missing] = &all[..] else { panic!("{all:?}") };
        assert_eq!(unknown, &Fault::Unknown { name: "pth".to_owned() });
        let Fault::Wrong { message, choices, .. } = choice else { panic!("{choice:?}") };
        assert_eq!(message, "value of state must be one of: file, no, got: fil");
        assert_eq!(*choices, ["file", "no"]);
        assert!(matches!(kind, Fault::Wrong { name, .. } if name == "n"));
        assert_eq!(missing, &Fault::Missing { name: "path" });
    }
}
