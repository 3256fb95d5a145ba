//! Settings that stock will drop, in its words. Must not know what they mean.

use nafal_base::{Diagnostic, Dict, Severity, Value};

use super::file::ConfigFile;
use super::known::{Known, known};

/// A setting that will go.
struct Deprecated {
    name: &'static str,
    why: &'static str,
    instead: &'static str,
    version: &'static str,
}

const UNUSED: &str = "This option is no longer used in the Ansible Core code base.";
const NOTHING_YET: &str = "There is no alternative at the moment. A different mechanism would have to be implemented in the current code base.";

const ALL: &[Deprecated] = &[
    Deprecated {
        name: "ANSIBLE_CONNECTION_PATH",
        why: "This setting has no effect.",
        instead: "none",
        version: "2.22",
    },
    Deprecated {
        name: "DEFAULT_ALLOW_UNSAFE_LOOKUPS",
        why: UNUSED,
        instead: "Lookup plugins are responsible for tagging strings containing templates to allow evaluation as a template.",
        version: "2.23",
    },
    Deprecated {
        name: "DEFAULT_JINJA2_EXTENSIONS",
        why: "Jinja2 extensions have been deprecated",
        instead: "Ansible-supported Jinja plugins (tests, filters, lookups)",
        version: "2.23",
    },
    Deprecated {
        name: "DEFAULT_JINJA2_NATIVE",
        why: UNUSED,
        instead: "Jinja2 native mode is now the default and only option.",
        version: "2.23",
    },
    Deprecated {
        name: "DEFAULT_LIBVIRT_LXC_NOSECLABEL",
        why: "This option was moved to the plugin itself",
        instead: "Use the option from the plugin itself.",
        version: "2.22",
    },
    Deprecated {
        name: "DEFAULT_MANAGED_STR",
        why: "The `ansible_managed` variable can be set just like any other variable, or a different variable can be used.",
        instead: "Set the `ansible_managed` variable, or use any custom variable in templates.",
        version: "2.23",
    },
    Deprecated {
        name: "DEFAULT_NULL_REPRESENTATION",
        why: UNUSED,
        instead: NOTHING_YET,
        version: "2.23",
    },
    Deprecated {
        name: "DEFAULT_UNDEFINED_VAR_BEHAVIOR",
        why: UNUSED,
        instead: NOTHING_YET,
        version: "2.23",
    },
    Deprecated {
        name: "STRING_TYPE_FILTERS",
        why: "This option has no effect.",
        instead: "None; native types returned from filters are always preserved.",
        version: "2.23",
    },
    Deprecated {
        name: "_TEMPLAR_SANDBOX_MODE",
        why: "controlling sandbox behavior is a temporary workaround",
        instead: "none",
        version: "2.23",
    },
];

/// What is told of why a setting will go, and of what there is instead, where `fields` have room.
pub(super) fn explain(name: &str, fields: &mut Dict) {
    let Some(deprecated) = ALL.iter().find(|one| one.name == name) else { return };
    for (field, text) in [("why", deprecated.why), ("alternatives", deprecated.instead)] {
        if fields.get(field).is_some() {
            fields.insert(field, Value::from(text));
        }
    }
}

/// What is said of those that somebody sets.
pub(super) fn told(
    environment: &dyn Fn(&str) -> Option<String>,
    file: &ConfigFile,
) -> Vec<Diagnostic> {
    let is_set = |known: &Known| {
        known.variables.iter().any(|variable| environment(variable).is_some())
            || known.keys.iter().any(|(section, key)| file.get(section, key).is_some())
    };
    let told = |known: &Known| {
        let deprecated = ALL.iter().find(|one| one.name == known.name)?;
        is_set(known).then(|| deprecated.told())
    };
    known().filter_map(told).collect()
}

impl Deprecated {
    fn told(&self) -> Diagnostic {
        let Deprecated { name, why, instead, version } = self;
        let instead = instead.trim_end_matches('.');
        // A text of several lines has an empty one behind it.
        let text = format!(
            "{name} option. Reason: {why}\nAlternatives: {instead}. This feature will be removed from ansible-core version {version}.\n"
        );
        Diagnostic::new(Severity::Deprecation, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_known() {
        assert!(ALL.iter().all(|one| known().any(|known| known.name == one.name)));
    }

    #[test]
    fn those_that_are_set() {
        let environment = |name: &str| (name == "ANSIBLE_JINJA2_NATIVE").then(|| "yes".to_owned());
        let told = told(&environment, &ConfigFile::default());
        assert_eq!(told.len(), 1);
        assert!(told[0].message.starts_with("DEFAULT_JINJA2_NATIVE option. Reason: This"));
        assert!(told[0].message.ends_with(
            "only option. This feature will be removed from ansible-core version 2.23.\n"
        ));
    }
}
