//! Action plugins in Python: what one is told of its task, and what it wants done on the target. Must not know how
//! Python is run.

use std::cell::RefCell;

use nafal_base::event::Mode;
use nafal_base::outcome::{NO_TRACEBACK, SHOWS_DIFF};
use nafal_base::{Cause, Dict, Key, ObjectRef, Outcome, Scope, Status, Text, Value};
use nafal_connection::Target;
use nafal_plugins::{Acted, Awaited, Granted, Host, Layer, Package, PluginError, Raised, Refused};
use nafal_plugins::{UserModule, UserStyle, Wish, World};
use nafal_templating::Renderer;

use crate::context::ActionContext;
use crate::effect::{Effect, Failure, Performed};
use crate::foreign;
use crate::low_level;
use crate::python;
use crate::table::{self, ActionKind};

/// Runs the action plugin of `module`.
pub(crate) fn run(context: &ActionContext<'_>, module: &UserModule, args: &Dict) -> Performed {
    let request = match request(context, module, args) {
        Ok(request) => request,
        Err(performed) => return performed,
    };
    let side = Side { context, failures: RefCell::default() };
    match context.plugins.act(&request, &side) {
        Ok(acted) => performed(acted, side.failures.into_inner()),
        Err(error) => Performed::raised(error.message, None, None),
    }
}

/// The name by which ansible-core finds the plugin.
fn full_name(module: &UserModule) -> String {
    if let Some(handler) = &module.handler {
        return handler.clone();
    }
    match &module.package {
        Package::Legacy => format!("ansible.legacy.{}", module.name),
        Package::Core => format!("ansible.builtin.{}", module.name),
        Package::Collection { name, .. } => format!("{name}.{}", module.name),
    }
}

/// What the plugin is told.
fn request(
    context: &ActionContext<'_>,
    module: &UserModule,
    args: &Dict,
) -> Result<Dict, Performed> {
    let info = context.task;
    let target = context.remote.target();
    let target = target.map_err(|error| Performed::from(Outcome::failed(error.to_string())))?;
    let name = Value::Str(Text::trusted(info.name.as_str(), info.span.clone()));
    let name = context.renderer.render_string(&name).unwrap_or_else(|_| info.name.clone());
    let path = info.span.as_ref().map(|span| format!("{}:{}", span.source.name, span.line));
    let folder = context.scope.get("playbook_dir");
    let folders = context.effects.search_path().into_iter();
    let folders = folders.map(|folder| Value::from(folder.display().to_string()));
    let other = target.becomes().map(|other| {
        let entries = [("method", other.method.name()), ("user", other.user.as_str())].into_iter();
        Value::Dict(entries.map(|(key, value)| (key, Value::from(value))).collect())
    });
    let entries = [
        ("plugin", Value::from(full_name(module))),
        ("name", Value::from(name.as_str())),
        ("resolved", Value::from(info.resolved_action.as_str())),
        ("path", path.map(Value::from).unwrap_or_default()),
        ("folder", folder.map(|folder| Value::text(&*folder.to_text())).unwrap_or_default()),
        ("search_path", Value::from(folders.collect::<Vec<_>>())),
        ("task", Value::Dict(task(context, &target, &name, args)?)),
        ("context", Value::Dict(play_context(context, &target))),
        ("transport", Value::from(target.transport())),
        ("become", other.unwrap_or_default()),
        ("remote_tmp", Value::from(context.remote_tmp())),
        ("verbosity", Value::Int(context.verbosity.into())),
    ];
    Ok(entries.into_iter().collect())
}

/// What both the task and the play's context say of how it runs.
fn modes(context: &ActionContext<'_>) -> [(&'static str, Value); 3] {
    [
        ("check_mode", Value::Bool(context.mode == Mode::Check)),
        ("diff", Value::Bool(context.diff)),
        ("no_log", Value::Bool(context.task.no_log)),
    ]
}

/// The task with its keywords; `name` as it is shown.
fn task(
    context: &ActionContext<'_>,
    target: &Target,
    name: &str,
    args: &Dict,
) -> Result<Dict, Performed> {
    let info = context.task;
    let own = info.role.as_ref().and_then(|role| name.strip_prefix(role)?.strip_prefix(" : "));
    let own = Some(own.unwrap_or(name)).filter(|own| *own != info.action).unwrap_or_default();
    let mut args = args.clone();
    if let Some(raw) = &context.raw {
        args.insert("_raw_params", Value::Str(raw.clone()));
    }
    let environment = context.remote.surroundings()?.environment.into_iter();
    let environment: Dict = environment.map(|(key, value)| (key, Value::from(value))).collect();
    let entries = [
        ("action", Value::from(info.action.as_str())),
        ("args", Value::Dict(args)),
        ("name", Value::from(own)),
        ("tags", Value::from(info.tags.clone())),
        ("environment", Value::from(vec![Value::Dict(environment)])),
        ("async_val", Value::Int(context.remote.background_seconds())),
        ("become", Value::Bool(target.becomes().is_some())),
        ("delegate_to", context.delegate.map(|host| host.as_str().into()).unwrap_or_default()),
    ];
    Ok(entries.into_iter().chain(modes(context)).collect())
}

/// What stock calls the play's context: the connection above all.
fn play_context(context: &ActionContext<'_>, target: &Target) -> Dict {
    let ssh = target.ssh();
    let address = ssh.map_or(target.host.as_str(), |ssh| ssh.address.as_str());
    let user = ssh.and_then(|ssh| ssh.user.as_deref()).map(Value::from);
    let port = ssh.and_then(|ssh| ssh.port).map(|port| Value::Int(port.into()));
    let entries = [
        ("connection", Value::from(target.transport())),
        ("remote_addr", Value::from(address)),
        ("remote_user", user.unwrap_or_default()),
        ("port", port.unwrap_or_default()),
        ("verbosity", Value::Int(context.verbosity.into())),
    ];
    entries.into_iter().chain(modes(context)).collect()
}

/// nafal's side of a plugin that runs: the modules' failures that it was told of, by their numbers.
struct Side<'a> {
    context: &'a ActionContext<'a>,
    failures: RefCell<Vec<Performed>>,
}

impl World for Side<'_> {
    fn scope(&self) -> &dyn Scope {
        self.context.scope
    }

    fn render(&self, value: &Value, object: Option<&ObjectRef>) -> Result<Value, PluginError> {
        let own = object.and_then(|object| object.scope());
        let scope = own.as_deref().unwrap_or(self.context.scope);
        Renderer::new(scope, self.context.effects).render(value).map_err(|error| PluginError {
            message: error.message(),
            causes: error.cause().map(nafal_templating::Error::chain).into_iter().collect(),
            undefined: error.is_undefined(),
            unloaded: false,
        })
    }
}

impl Host for Side<'_> {
    fn grant(&self, wish: Wish) -> Result<Granted, Refused> {
        match wish {
            Wish::Module { name, args, awaited, mode, diff } => {
                let performed = self.module(&name, args, awaited, (mode, diff))?;
                self.told(performed)
            }
            Wish::Command { line, executable, input, runner } => {
                low_level::command(self.context, (line, executable, input), runner)
                    .map_err(|outcome| self.refused(outcome))
            }
            Wish::Put { source, dest } => low_level::put(self.context, &source, &dest)
                .map_err(|outcome| self.refused(outcome)),
            Wish::Fetch { source, dest } => low_level::fetch(self.context, &source, &dest)
                .map_err(|outcome| self.refused(outcome)),
        }
    }
}

impl Side<'_> {
    fn keep(&self, performed: Performed) -> usize {
        let mut failures = self.failures.borrow_mut();
        failures.push(performed);
        failures.len() - 1
    }

    fn refused(&self, outcome: Outcome) -> Refused {
        let message = outcome.text("msg").unwrap_or_default().to_owned();
        let unreachable =
            (outcome.status == Status::Unreachable).then(|| self.keep(Performed::module(outcome)));
        Refused { message, unreachable }
    }

    /// Runs a module, in the task's surroundings but for its mode.
    fn module(
        &self,
        name: &str,
        args: Dict,
        awaited: Awaited,
        (mode, diff): (Mode, bool),
    ) -> Result<Performed, Refused> {
        let context = self.context;
        let surroundings = || {
            let mut surroundings = context.remote.surroundings()?;
            (surroundings.mode, surroundings.diff) = (mode.into(), diff);
            Ok(surroundings)
        };
        let other = context.remote.in_surroundings(&surroundings);
        let is_usual = mode == context.mode && diff == context.diff;
        let waits = context.remote.background_seconds() > 0 && awaited == Awaited::Now;
        let remote = if is_usual && !waits { context.remote } else { &other };
        let context = ActionContext { remote, mode, diff, raw: None, ..context.clone() };
        let performed = call(&context, name, args)?;
        if let Some(found) = other.discovered() {
            self.context.remote.remember(found);
        }
        Ok(performed)
    }

    /// A module's result as plugins get it.
    fn told(&self, mut performed: Performed) -> Result<Granted, Refused> {
        if performed.outcome.status == Status::Unreachable {
            return Err(self.refused(performed.outcome));
        }
        let failed = performed.outcome.is_failed();
        if failed
            && let Failure::Raised(causes) = &performed.failure
            && !causes.iter().any(|cause| cause.message.starts_with("Module failed: "))
            && performed.outcome.text("msg").is_none()
        {
            return Err(Refused { message: chain(causes), unreachable: None });
        }
        let values = performed.outcome.to_result();
        // What nafal's own modules say to callbacks is no result of stock's.
        let is_private = |key: &Key| key.as_str().is_some_and(|key| key.starts_with("_ansible_"));
        let shown = values.iter().filter(|(key, _)| !is_private(key));
        let mut values: Dict = shown.map(|(key, value)| (key.clone(), value.clone())).collect();
        values.remove("exception");
        values.insert("failed", Value::Bool(failed));
        for key in ["warnings", "deprecations"] {
            if !values.contains(key) {
                values.insert(key, Value::from(Vec::<Value>::new()));
            }
        }
        let fault = failed.then(|| {
            let exception = performed.outcome.values.remove("exception");
            performed.outcome.values =
                exception.map(|text| ("exception", text)).into_iter().collect();
            self.keep(performed)
        });
        Ok(Granted::Module(values, fault))
    }
}

fn chain(causes: &[Cause]) -> String {
    let texts: Vec<&str> = causes.iter().map(|cause| cause.message.trim_end_matches('.')).collect();
    texts.join(": ")
}

/// Runs a module by its name: the user's own, nafal's, that of the user's ansible-core or of a collection.
fn call(context: &ActionContext<'_>, name: &str, args: Dict) -> Result<Performed, Refused> {
    let finder = context.finder;
    let searched = finder.searched(name, context.collections);
    let name = searched.as_deref().unwrap_or(name);
    let is_module = |module: &UserModule| module.action_plugin.as_ref() != Some(&module.path);
    let mut found = finder.in_library(name).filter(|module| is_module(module));
    let native = table::find(name).filter(|action| matches!(action.kind, ActionKind::Module));
    if found.is_none() && native.is_some() {
        return Ok(native_module(context, name, args));
    }
    let short = name.strip_prefix("ansible.legacy.").unwrap_or(name);
    found = found.or_else(|| finder.find(name).filter(|module| is_module(module)));
    // One that has an action plugin of the user's alone is ansible-core's below.
    found = found.or_else(|| finder.find(&format!("ansible.builtin.{short}")));
    let Some(module) = found else {
        let message = format!("The module {name} was not found in configured module paths");
        return Err(Refused { message, unreachable: None });
    };
    if module.package == Package::Core && module.style != UserStyle::Python {
        let message = format!("module ({name}) is missing interpreter line");
        return Err(Refused { message, unreachable: None });
    }
    let alone = UserModule { action_plugin: None, handler: None, ..(*module).clone() };
    Ok(foreign::run(context, finder, &alone, &args))
}

fn native_module(context: &ActionContext<'_>, name: &str, mut args: Dict) -> Performed {
    let full = table::full_name(name);
    let through_shell = args.remove("_uses_shell").is_some_and(|value| value.is_true());
    let name = match full.as_str() {
        "ansible.builtin.command" if through_shell => "ansible.legacy.shell",
        "ansible.builtin.command" => "ansible.legacy.command",
        "ansible.builtin.shell" => "ansible.legacy.shell",
        _ => name,
    };
    let mut performed = Performed::module(context.remote.run(name, args.clone()));
    python::explain(context.effects, &full, &args, &mut performed);
    performed
}

/// What became of it, as of any other action.
fn performed(acted: Acted, failures: Vec<Performed>) -> Performed {
    let of = |number: Option<usize>| number.and_then(|number| failures.get(number).cloned());
    let mut performed = match acted.raised {
        None => {
            let mut outcome = Outcome::from_result(acted.values);
            let failure = match of(acted.fault).filter(|_| outcome.is_failed()) {
                Some(module) => {
                    outcome.values.lay_over(&module.outcome.values);
                    module.failure
                }
                None if outcome.status == Status::Unreachable => Failure::Silent,
                None => Failure::Action,
            };
            Performed { outcome, effects: Vec::new(), failure }
        }
        Some((Raised::Unreachable(number), messages, _)) => match of(number) {
            Some(was) => was,
            None => Performed::module(Outcome::unreachable(messages.join(": "))),
        },
        Some((kind, messages, hint)) => raised(kind, messages, hint, acted.values),
    };
    performed.outcome.put_before("warnings", acted.warnings);
    performed.outcome.put_before("deprecations", acted.deprecations);
    performed.outcome = foreign::plain(performed.outcome, "");
    if acted.shows_diff {
        performed.outcome.values.insert(SHOWS_DIFF, Value::Bool(true));
    }
    performed.effects = registered(acted.registered, &performed.outcome);
    performed
}

/// What it sets of its host. The facts of its result count where it sets none itself.
fn registered(layers: Vec<(Layer, Dict)>, outcome: &Outcome) -> Vec<Effect> {
    let sets_facts = layers.iter().any(|(layer, _)| *layer == Layer::CacheableFact);
    let facts = outcome.values.get("ansible_facts").and_then(Value::as_dict);
    let facts = facts.filter(|_| !layers.is_empty() && !sets_facts && outcome.status == Status::Ok);
    let own = layers.into_iter().map(|(layer, variables)| match layer {
        Layer::CacheableFact => Effect::Facts(variables),
        Layer::IncludedVariables => Effect::IncludedVariables(variables),
        Layer::EphemeralFact | Layer::Registered => Effect::Variables(variables),
    });
    facts.map(|facts| Effect::Facts(facts.clone())).into_iter().chain(own).collect()
}

fn raised(kind: Raised, messages: Vec<String>, hint: Option<String>, values: Dict) -> Performed {
    let mut outcome = Outcome::from_result(values);
    let message = messages.first().cloned().unwrap_or_default();
    let cause = |message: String| Cause { message, span: None, hint: None };
    let mut causes: Vec<Cause> = messages.into_iter().map(cause).collect();
    if let Some(first) = causes.first_mut() {
        first.hint = hint;
    }
    match kind {
        Raised::Skip => {
            outcome.status = Status::Skipped;
            outcome.values.insert("msg", Value::from(message));
            outcome.into()
        }
        Raised::Fail => {
            outcome.status = Status::Failed;
            outcome.values.insert("msg", Value::from(message));
            outcome.values.insert("exception", Value::from(NO_TRACEBACK));
            Performed { outcome, effects: Vec::new(), failure: Failure::Raised(causes) }
        }
        Raised::Error | Raised::Unreachable(_) => Performed::from_causes(causes),
    }
}
