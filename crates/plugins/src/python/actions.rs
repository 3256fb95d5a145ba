//! Action plugins in Python: one runs in a process of its own, and asks for what it does on its target. Must not know
//! how targets are reached.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nafal_base::event::Mode;
use nafal_base::{Dict, Value};

use super::call::{PluginError, PythonPlugins, World, answer};
use super::codec::{Objects, from_wire, to_wire};

/// When a module's result is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// When the module ends.
    Now,
    /// When its job has started, where the task runs in the background (`wrap_async`).
    Later,
}

/// As whom a command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    /// As whoever the task's modules run as.
    Task,
    /// As the login (`sudoable=False`).
    Login,
}

/// What an action plugin wants of its target.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// A module to run.
    Module {
        /// Its name.
        name: String,
        /// Its arguments.
        args: Dict,
        /// When its result is wanted.
        awaited: Awaited,
        /// Whether it may change anything.
        mode: Mode,
        /// Whether it says what differs.
        diff: bool,
    },
    /// A command line for a shell.
    Command {
        /// The line.
        line: String,
        /// The shell.
        executable: Option<String>,
        /// What stands on its standard input.
        input: Option<Vec<u8>>,
        /// As whom.
        runner: Runner,
    },
    /// A file of the controller to put on the target.
    Put {
        /// The file here.
        source: String,
        /// The path there.
        dest: String,
    },
    /// A file of the target to fetch.
    Fetch {
        /// The path there.
        source: String,
        /// The file here.
        dest: String,
    },
}

/// What was done.
#[derive(Clone, Debug, PartialEq)]
pub enum Granted {
    /// A module's result; the number of its failure, if it is one.
    Module(Dict, Option<usize>),
    /// A command's end.
    Command {
        /// Its exit code.
        code: i64,
        /// Its standard output.
        out: Vec<u8>,
        /// Its standard error.
        err: Vec<u8>,
    },
    /// A file is where it should be.
    File,
}

/// Why something wasn't done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub message: String,
    /// The number of the failure, where the target can't be reached.
    pub unreachable: Option<usize>,
}

/// The task's target, and its variables.
pub trait Host: World {
    /// Does what a plugin wants.
    fn grant(&self, wish: Wish) -> Result<Granted, Refused>;
}

/// How an exception ends a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// `AnsibleActionFail`: the message is the result's.
    Fail,
    /// `AnsibleActionSkip`.
    Skip,
    /// The target can't be reached; the number of the failure, where it was nafal's.
    Unreachable(Option<usize>),
    /// Any other.
    Error,
}

/// What became of an action.
#[derive(Clone, Debug, Default)]
pub struct Acted {
    /// Its result, or what an exception brought along.
    pub values: Dict,
    /// The number of the module's failure that the result is.
    pub fault: Option<usize>,
    /// The exception, what it said, and how to mend that.
    pub raised: Option<(Raised, Vec<String>, Option<String>)>,
    /// What it warned of.
    pub warnings: Vec<Value>,
    /// What it said is about to go.
    pub deprecations: Vec<Value>,
    /// Whether it wants its diff shown, whoever asked for one.
    pub shows_diff: bool,
    /// What it registered for its host.
    pub registered: Vec<(Layer, Dict)>,
}

/// Where variables are registered that an action plugin sets, in the order in which they are laid over each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Facts, which a cache keeps.
    CacheableFact,
    /// As `include_vars` does.
    IncludedVariables,
    /// As `set_fact` does.
    EphemeralFact,
    /// As `register` does.
    Registered,
}

impl Layer {
    const ALL: [(&'static str, Layer); 4] = [
        ("CACHEABLE_FACT", Layer::CacheableFact),
        ("INCLUDE_VARS", Layer::IncludedVariables),
        ("EPHEMERAL_FACT", Layer::EphemeralFact),
        ("REGISTER_VARS", Layer::Registered),
    ];
}

impl PythonPlugins {
    /// Runs an action plugin: `request` says which, and what it is told of its task.
    pub fn act(&self, request: &Dict, host: &dyn Host) -> Result<Acted, PluginError> {
        let mut objects = Objects::with_trust();
        let Value::Dict(mut message) =
            to_wire(&Value::Dict(request.clone()), &mut objects, upcast(host))?
        else {
            return Err(PluginError::failed("an action plugin was asked for without a task"));
        };
        message.insert("do", Value::from("action"));
        let process = self.process()?;
        let mut connection = self.connection(&process)?;
        connection.send(Value::Dict(message))?;
        loop {
            let Value::Dict(said) = connection.receive()? else {
                return Err(PluginError::failed("an action plugin in Python said no dict"));
            };
            if let Some(Value::Dict(question)) = said.get("ask") {
                let answered = match wish(question, &objects)? {
                    Some(wish) => granted(host.grant(wish), &mut objects, host)?,
                    None => answer(question, &mut objects, upcast(host)),
                };
                connection.send(answered)?;
                continue;
            }
            process.give_back(connection);
            return acted(&said, &objects);
        }
    }
}

fn upcast(host: &dyn Host) -> &dyn World {
    host
}

/// What is wanted of the target; None where variables are asked for.
fn wish(question: &Dict, objects: &Objects) -> Result<Option<Wish>, PluginError> {
    let optional = |key: &str| question.get(key).and_then(Value::as_str).map(str::to_owned);
    let text = |key: &str| optional(key).unwrap_or_default();
    let flag = |key: &str| question.get(key).is_some_and(Value::is_true);
    Ok(Some(match text("what").as_str() {
        "module" => {
            let args = from_wire(question.get("args").cloned().unwrap_or_default(), objects)?;
            Wish::Module {
                name: text("name"),
                args: args.as_dict().cloned().unwrap_or_default(),
                awaited: if flag("wait") { Awaited::Now } else { Awaited::Later },
                mode: if flag("check") { Mode::Check } else { Mode::Apply },
                diff: flag("diff"),
            }
        }
        "command" => Wish::Command {
            line: text("line"),
            executable: optional("executable").filter(|shell| !shell.is_empty()),
            input: optional("input").map(|input| STANDARD.decode(input).unwrap_or_default()),
            runner: if flag("login") { Runner::Login } else { Runner::Task },
        },
        "put" => Wish::Put { source: text("source"), dest: text("dest") },
        "fetch" => Wish::Fetch { source: text("source"), dest: text("dest") },
        _ => return Ok(None),
    }))
}

fn number(index: Option<usize>) -> Value {
    index.and_then(|index| i64::try_from(index).ok()).map(Value::Int).unwrap_or_default()
}

fn granted(
    done: Result<Granted, Refused>,
    objects: &mut Objects,
    host: &dyn Host,
) -> Result<Value, PluginError> {
    let bytes = |bytes: &[u8]| Value::from(STANDARD.encode(bytes));
    let entries = match done {
        Ok(Granted::Module(values, fault)) => {
            let values = to_wire(&Value::Dict(values), objects, upcast(host))?;
            vec![("value", values), ("fault", number(fault))]
        }
        Ok(Granted::Command { code, out, err }) => {
            vec![("rc", Value::Int(code)), ("out", bytes(&out)), ("err", bytes(&err))]
        }
        Ok(Granted::File) => Vec::new(),
        Err(refused) => vec![
            ("error", Value::from(refused.message)),
            ("unreachable", number(refused.unreachable)),
        ],
    };
    Ok(Value::Dict(entries.into_iter().collect()))
}

fn acted(said: &Dict, objects: &Objects) -> Result<Acted, PluginError> {
    let index = |key: &str| {
        let number = said.get(key).and_then(Value::as_int);
        number.and_then(|number| usize::try_from(number).ok())
    };
    let texts = |key: &str| {
        let items = said.get(key).and_then(Value::as_list);
        items.into_iter().flatten().map(|item| item.to_text().into_owned()).collect::<Vec<_>>()
    };
    let list = |key: &str| said.get(key).and_then(Value::as_list).map(|all| all.to_vec());
    let text = |key: &str| said.get(key).and_then(Value::as_str).map(str::to_owned);
    let raised = text("raised").map(|kind| {
        let kind = match kind.as_str() {
            "fail" => Raised::Fail,
            "skip" => Raised::Skip,
            "unreachable" => Raised::Unreachable(index("was")),
            _ => Raised::Error,
        };
        let mut messages = vec![text("error").unwrap_or_default()];
        messages.extend(texts("causes"));
        (kind, messages, text("hint"))
    });
    let values = from_wire(said.get("value").cloned().unwrap_or_default(), objects);
    let values = match (values, &raised) {
        (Ok(values), _) => values.as_dict().cloned().unwrap_or_default(),
        (Err(_), Some(_)) => Dict::new(),
        (Err(error), None) => return Err(error),
    };
    let registered = from_wire(said.get("registered").cloned().unwrap_or_default(), objects);
    let registered = registered.unwrap_or_default();
    let layer = |(name, layer): (&str, Layer)| {
        Some((layer, registered.as_dict()?.get(name)?.as_dict()?.clone()))
    };
    Ok(Acted {
        values,
        registered: Layer::ALL.into_iter().filter_map(layer).collect(),
        fault: index("fault"),
        raised,
        shows_diff: said.get("diff").is_some_and(Value::is_true),
        warnings: list("warnings").unwrap_or_default(),
        deprecations: list("deprecations").unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dict(json: &str) -> Dict {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_is_wanted() {
        let wish = |json: &str| wish(&dict(json), &Objects::default()).unwrap();
        let module = r#"{"what": "module", "name": "m", "args": {"a": {"!": "tuple", "items": [1]}}, "wait": true, "check": true}"#;
        let Some(Wish::Module { name, args, awaited, mode, diff }) = wish(module) else { panic!() };
        assert_eq!((name.as_str(), awaited, mode, diff), ("m", Awaited::Now, Mode::Check, false));
        assert_eq!(args.get("a").unwrap().repr(), "(1,)");
        let command = r#"{"what": "command", "line": "l", "executable": null, "input": "YQ==", "login": true}"#;
        assert_eq!(
            wish(command),
            Some(Wish::Command {
                line: "l".to_owned(),
                executable: None,
                input: Some(b"a".to_vec()),
                runner: Runner::Login,
            })
        );
        assert_eq!(wish(r#"{"what": "names"}"#), None);
    }

    #[test]
    fn what_became_of_it() {
        let acted = |json: &str| acted(&dict(json), &Objects::default());
        let fine = acted(r#"{"value": {"a": 1}, "fault": 2, "warnings": ["w"]}"#).unwrap();
        assert_eq!((fine.fault, fine.warnings.len(), fine.values.len()), (Some(2), 1, 1));
        let raised = r#"{"raised": "unreachable", "error": "e", "causes": ["c"], "was": 1}"#;
        let (kind, messages, hint) = acted(raised).unwrap().raised.unwrap();
        assert_eq!(kind, Raised::Unreachable(Some(1)));
        assert_eq!((messages, hint), (vec!["e".to_owned(), "c".to_owned()], None));
        let odd = r#"{"value": {"a": {"!": "other", "type": "object", "text": ""}}}"#;
        let message = acted(odd).unwrap_err().message;
        assert_eq!(message, "Type 'object' is unsupported for variable storage.");
    }
}
