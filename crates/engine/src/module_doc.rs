//! What a module of nafal's own takes, as it checks it itself. Must not know who asks, nor what a module does.

use nafal_actions::ActionKind;
use nafal_base::Value;
use nafal_modules::{Argument, CheckMode, Count, Default, FreeForm, Need, Secrecy, Spec};

/// A module.
#[derive(Clone, Debug)]
pub struct ModuleDoc {
    /// Its short name.
    pub name: &'static str,
    /// What runs it: `the controller`, `the run itself`, `the target`.
    pub place: &'static str,
    /// What it does in check mode, in stock's words; None for what runs elsewhere than on targets.
    pub check_mode: Option<&'static str>,
    /// Whether it takes text that isn't `key=value`.
    pub free_form: bool,
    /// Its arguments in the order of their names; None when the module alone knows them.
    pub options: Option<Vec<OptionDoc>>,
    /// What arguments want of each other.
    pub rules: Vec<String>,
}

/// An argument.
#[derive(Clone, Debug)]
pub struct OptionDoc {
    /// Its name.
    pub name: &'static str,
    /// Its type; None when it isn't said.
    pub kind: Option<&'static str>,
    /// The type of its items.
    pub elements: Option<&'static str>,
    /// Whether it must be given.
    pub is_required: bool,
    /// What it is when it isn't given.
    pub default: Option<Value>,
    /// What it may be.
    pub choices: &'static [&'static str],
    /// Its other names.
    pub aliases: &'static [&'static str],
    /// Whether its value is never shown.
    pub is_secret: bool,
}

impl ModuleDoc {
    /// `ansible.builtin.copy`.
    pub fn full_name(&self) -> String {
        nafal_actions::full_name(self.name)
    }
}

/// The names of all modules and actions, sorted.
pub fn module_names() -> Vec<&'static str> {
    // What belongs to a collection of stock's own isn't for users.
    let mut names: Vec<_> = nafal_actions::names().filter(|name| !name.contains('.')).collect();
    names.sort_unstable();
    names
}

/// The module of this name, short or full.
pub fn module_doc(name: &str) -> Option<ModuleDoc> {
    let action = nafal_actions::find(name)?;
    let spec = nafal_modules::find(action.name).map(|module| &module.spec);
    let own = nafal_actions::own_arguments(action.name);
    let mut options = match (spec, own) {
        // What begins with `_` is between the two halves of an action.
        (Some(spec), _) => {
            let all = spec.all().filter(|argument| !argument.name.starts_with('_'));
            Some(all.map(of).collect::<Vec<_>>())
        }
        (None, Some(names)) => Some(names.into_iter().map(named).collect()),
        (None, None) => None,
    };
    if let Some(options) = &mut options {
        options.sort_unstable_by_key(|option| option.name);
    }
    Some(ModuleDoc {
        name: action.name,
        place: match action.kind {
            ActionKind::Here(_) => "the controller",
            ActionKind::Flow => "the run itself",
            ActionKind::Module => "the target",
        },
        check_mode: spec.map(|spec| match spec.check_mode {
            CheckMode::Supported => "full",
            CheckMode::Skipped => "none",
        }),
        free_form: action.raw == nafal_actions::Raw::Taken
            || spec.is_some_and(|spec| spec.free_form == FreeForm::Taken),
        options,
        rules: spec.map(rules).unwrap_or_default(),
    })
}

fn named(name: &'static str) -> OptionDoc {
    OptionDoc {
        name,
        kind: None,
        elements: None,
        is_required: false,
        default: None,
        choices: &[],
        aliases: &[],
        is_secret: false,
    }
}

fn of(argument: &'static Argument) -> OptionDoc {
    OptionDoc {
        name: argument.name,
        kind: Some(argument.kind.word()),
        elements: argument.elements.map(nafal_modules::Kind::word),
        is_required: argument.need == Need::Required,
        default: default(argument.default),
        choices: argument.choices,
        aliases: argument.aliases,
        is_secret: argument.secrecy == Secrecy::Hidden,
    }
}

fn default(default: Default) -> Option<Value> {
    Some(match default {
        Default::Nothing => return None,
        Default::Bool(flag) => Value::Bool(flag),
        Default::Int(number) => Value::Int(number),
        Default::Float(number) => Value::Float(number),
        Default::Text(text) => Value::from(text),
        Default::Texts(texts) => Value::List(texts.iter().map(|text| Value::from(*text)).collect()),
        Default::EmptyDict => Value::Dict(nafal_base::Dict::new()),
    })
}

fn rules(spec: &Spec) -> Vec<String> {
    let groups = |groups: &[&[&str]], rule: &str| -> Vec<String> {
        groups.iter().map(|group| format!("{rule}: {}", group.join(", "))).collect()
    };
    let mut rules = groups(spec.mutually_exclusive, "at most one of");
    rules.extend(groups(spec.required_together, "all or none of"));
    rules.extend(groups(spec.required_one_of, "at least one of"));
    rules.extend(spec.required_if.iter().map(|rule| {
        let count = match rule.count {
            Count::All => "all of",
            Count::Any => "one of",
        };
        format!("{}={} wants {count}: {}", rule.argument, rule.value, rule.needs.join(", "))
    }));
    let by = |(name, needs): &(&str, &[&str])| format!("{name} wants: {}", needs.join(", "));
    rules.extend(spec.required_by.iter().map(by));
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_have_a_page() {
        for name in module_names() {
            let doc = module_doc(name).unwrap();
            assert_eq!(doc.full_name(), format!("ansible.builtin.{name}"));
        }
        assert!(module_doc("nosuch").is_none());
        assert_eq!(module_doc("ansible.builtin.ping").unwrap().name, "ping");
    }

    #[test]
    fn what_is_told() {
        let file = module_doc("file").unwrap();
        let options = file.options.unwrap();
        let path = options.iter().find(|option| option.name == "path").unwrap();
        assert!(path.is_required && path.kind == Some("path"));
        assert_eq!(path.aliases, ["dest", "name"]);
        assert_eq!((file.place, file.check_mode), ("the target", Some("full")));
        assert!(module_doc("command").unwrap().free_form);
        assert!(module_doc("set_fact").unwrap().options.is_none());
    }
}
