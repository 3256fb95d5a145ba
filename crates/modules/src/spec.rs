//! What a module says about itself: its arguments, what it does in check mode. Plain constants,
//! so that the controller can check a task before anything runs. Must not know values' checking.

use nafal_base::Diagnostic;

/// A module's name and what it takes.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Its short name (`ping`).
    pub name: &'static str,
    /// Its arguments, in any order.
    pub arguments: &'static [Argument],
    /// Arguments that it shares with others, such as those of files.
    pub shared: &'static [Argument],
    /// Whether it takes text that isn't `key=value`.
    pub free_form: FreeForm,
    /// What it does in check mode.
    pub check_mode: CheckMode,
    /// Of each group at most one may be given.
    pub mutually_exclusive: &'static [&'static [&'static str]],
    /// Of each group all must be given, or none.
    pub required_together: &'static [&'static [&'static str]],
    /// Of each group at least one must be given.
    pub required_one_of: &'static [&'static [&'static str]],
    /// What an argument's value makes necessary.
    pub required_if: &'static [RequiredIf],
    /// What an argument's presence makes necessary.
    pub required_by: &'static [(&'static str, &'static [&'static str])],
    /// When it goes, if it does.
    pub deprecated: Option<Deprecated>,
}

/// A module that goes.
#[derive(Clone, Copy, Debug)]
pub struct Deprecated {
    /// The version of ansible-core without it.
    pub version: &'static str,
    /// What to use instead: a sentence.
    pub remedy: &'static str,
}

impl Deprecated {
    /// What stock tells of each task that names the module.
    pub fn told(&self, name: &str) -> Diagnostic {
        let what = format!("{name} has been deprecated. {}", self.remedy);
        Diagnostic::deprecation(&what, self.version)
    }
}

impl Spec {
    /// A module with these arguments, which supports check mode.
    pub const fn new(name: &'static str, arguments: &'static [Argument]) -> Spec {
        Spec {
            name,
            arguments,
            shared: &[],
            free_form: FreeForm::Refused,
            check_mode: CheckMode::Supported,
            mutually_exclusive: &[],
            required_together: &[],
            required_one_of: &[],
            required_if: &[],
            required_by: &[],
            deprecated: None,
        }
    }

    /// The same module, which will go.
    pub const fn until(self, version: &'static str, remedy: &'static str) -> Spec {
        Spec { deprecated: Some(Deprecated { version, remedy }), ..self }
    }

    /// All arguments.
    pub fn all(&self) -> impl Iterator<Item = &'static Argument> + use<> {
        self.arguments.iter().chain(self.shared)
    }

    /// The argument with this name or alias.
    pub fn argument(&self, name: &str) -> Option<&'static Argument> {
        self.all().find(|argument| argument.name == name || argument.aliases.contains(&name))
    }
}

/// Whether a task may give a module text that isn't `key=value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreeForm {
    /// No.
    Refused,
    /// Yes: it arrives as `_raw_params`.
    Taken,
}

/// What a module does in check mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckMode {
    /// It says what it would do.
    Supported,
    /// It is skipped.
    Skipped,
}

/// `required_if` of one value of one argument.
#[derive(Clone, Copy, Debug)]
pub struct RequiredIf {
    /// The argument that is looked at.
    pub argument: &'static str,
    /// The value (as text) that makes others necessary.
    pub value: &'static str,
    /// What is then necessary.
    pub needs: &'static [&'static str],
    /// How many of them.
    pub count: Count,
}

/// How many of several arguments are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Every one.
    All,
    /// At least one.
    Any,
}

/// An argument of a module.
#[derive(Clone, Copy, Debug)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// What it is converted to.
    pub kind: Kind,
    /// What each item of a list is converted to.
    pub elements: Option<Kind>,
    /// Its other names.
    pub aliases: &'static [&'static str],
    /// Whether it must be given.
    pub need: Need,
    /// What it is when it isn't given.
    pub default: Default,
    /// What it may be; empty when anything may be.
    pub choices: &'static [&'static str],
    /// Whether its value is a secret.
    pub secrecy: Secrecy,
    /// The variable of the environment that is taken when it isn't given.
    pub fallback: Option<&'static str>,
}

/// Whether an argument must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// No.
    Optional,
    /// Yes.
    Required,
}

/// Whether an argument's value may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// Yes.
    Shown,
    /// No (`no_log`).
    Hidden,
}

/// What an argument's value is converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text; anything else becomes its `str()`.
    Str,
    /// A boolean, or a word for one.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// A list; text is split at commas.
    List,
    /// A dict; text is JSON or `key=value`.
    Dict,
    /// Text in which `~` and variables of the environment are replaced.
    Path,
    /// Anything, as it is.
    Raw,
    /// Text; lists and dicts become JSON.
    Json,
    /// A size in bytes, such as `10K`.
    Bytes,
    /// A size in bits, such as `10Kb`.
    Bits,
}

impl Kind {
    /// Stock's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Str => "str",
            Kind::Bool => "bool",
            Kind::Int => "int",
            Kind::Float => "float",
            Kind::List => "list",
            Kind::Dict => "dict",
            Kind::Path => "path",
            Kind::Raw => "raw",
            Kind::Json => "jsonarg",
            Kind::Bytes => "bytes",
            Kind::Bits => "bits",
        }
    }
}

/// What an argument is when it isn't given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    /// None.
    Nothing,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// Text.
    Text(&'static str),
    /// A list of texts.
    Texts(&'static [&'static str]),
    /// An empty dict.
    EmptyDict,
}

impl Argument {
    /// An optional argument without a default.
    pub const fn new(name: &'static str, kind: Kind) -> Argument {
        Argument {
            name,
            kind,
            elements: None,
            aliases: &[],
            need: Need::Optional,
            default: Default::Nothing,
            choices: &[],
            secrecy: Secrecy::Shown,
            fallback: None,
        }
    }

    /// Optional text.
    pub const fn text(name: &'static str) -> Argument {
        Argument::new(name, Kind::Str)
    }

    /// A path.
    pub const fn path(name: &'static str) -> Argument {
        Argument::new(name, Kind::Path)
    }

    /// A boolean with its default.
    pub const fn flag(name: &'static str, default: bool) -> Argument {
        Argument { default: Default::Bool(default), ..Argument::new(name, Kind::Bool) }
    }

    /// A list of such items.
    pub const fn list(name: &'static str, elements: Kind) -> Argument {
        Argument { elements: Some(elements), ..Argument::new(name, Kind::List) }
    }

    /// It must be given.
    #[must_use]
    pub const fn required(self) -> Argument {
        Argument { need: Need::Required, ..self }
    }

    /// It has other names.
    #[must_use]
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Argument {
        Argument { aliases, ..self }
    }

    /// It is this when it isn't given.
    #[must_use]
    pub const fn or(self, default: Default) -> Argument {
        Argument { default, ..self }
    }

    /// It is this text when it isn't given.
    #[must_use]
    pub const fn or_text(self, default: &'static str) -> Argument {
        Argument { default: Default::Text(default), ..self }
    }

    /// It is what this variable of the environment says when it isn't given.
    #[must_use]
    pub const fn or_variable(self, variable: &'static str) -> Argument {
        Argument { fallback: Some(variable), ..self }
    }

    /// It may only be one of these.
    #[must_use]
    pub const fn choices(self, choices: &'static [&'static str]) -> Argument {
        Argument { choices, ..self }
    }

    /// Its value is a secret.
    #[must_use]
    pub const fn hidden(self) -> Argument {
        Argument { secrecy: Secrecy::Hidden, ..self }
    }
}
