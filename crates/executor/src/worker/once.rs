//! One try after another of a task on a host, for one item or for none: conditions, arguments,
//! action, `until`.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;
use std::time::Instant;

use nafal_actions::{
    Action, ActionContext, ActionKind, Effect, Failure, Keywords as TargetKeywords, Performed,
    Remote, target_of, way_of,
};
use nafal_base::event::{Disclosure, HostResult, Mode};
use nafal_base::outcome::{NO_TRACEBACK, SHOWS_DIFF};
use nafal_base::{Diagnostic, Dict, HostName, Outcome, Status, TaskInfo, Value};
use nafal_graph::TaskOrigin;
use nafal_templating::{ErrorKind, Renderer};
use nafal_variables::TaskScope;

use crate::worker::arguments::{self, Finalized};
use crate::worker::callee::{Called, Callee, callee};
use crate::worker::conditions::{self, Verdict};
use crate::worker::delegation::{self, Delegate};
use crate::worker::fault::{self, Fault};
use crate::worker::job::Job;
use crate::worker::{
    background, described, include, keywords, loops, membership, python, remains, results, retries,
    surroundings, timeout, warned,
};

/// What one item (or the task without a loop) came to.
pub(crate) struct Done {
    pub result: HostResult,
    pub effects: Vec<Effect>,
    /// Facts of another host (`delegate_facts`).
    pub elsewhere: Vec<(HostName, Effect)>,
    pub notify: Vec<String>,
}

/// What is known of a task on a host before it runs.
pub(crate) struct Settled {
    pub mode: Mode,
    pub diff: bool,
    pub disclosure: Disclosure,
    pub delegate: Option<Delegate>,
    /// Where and as whom.
    pub target: TargetKeywords,
    /// `environment`.
    pub environment: Vec<(String, String)>,
    /// The handlers that it notifies if it changes something.
    pub notify: Vec<String>,
    /// The task with the action that its template names.
    pub info: Option<Arc<TaskInfo>>,
    /// What is told of its keywords.
    pub keywords: Option<Arc<Dict>>,
}

/// An item of a loop: its place among the variables is taken by the caller.
pub(crate) struct Item<'a> {
    /// The loop's own variables, for includes.
    pub variables: &'a Dict,
    /// What is shown of it.
    pub label: &'a Value,
    /// How many items ran before it.
    pub index: usize,
}

/// Runs the task on its host with these variables. What its templates warn of is in its result.
pub(crate) fn perform(job: &Job, scope: &TaskScope, item: Option<&Item<'_>>) -> Done {
    warned::collected(|| tried(job, scope, item))
}

fn tried(job: &Job, scope: &TaskScope, item: Option<&Item<'_>>) -> Done {
    let renderer = Renderer::new(scope, &*job.task.effects);
    let node = &job.task.node;
    let settings = job.shared.services.settings();
    let mut settled = Settled {
        mode: settings.mode,
        diff: settings.diff,
        disclosure: keywords::disclosure_as_written(&node.keywords, settings),
        delegate: None,
        target: TargetKeywords::default(),
        environment: Vec::new(),
        notify: Vec::new(),
        info: None,
        keywords: None,
    };
    let tried = attempt(job, scope, &renderer, item, &mut settled);
    // Nobody wrote the task that gathers a play's facts (case `module-python-missing`).
    let span = node.info.span.as_ref().filter(|_| node.origin != TaskOrigin::Gathering);
    let (mut performed, diagnostic) = match tried {
        Ok(performed) => (performed, None),
        Err(fault) => {
            let (outcome, diagnostic) = fault.outcome(span);
            (Performed::from(outcome), Some(diagnostic))
        }
    };
    let failure = std::mem::take(&mut performed.failure);
    let traceback = performed.outcome.take_traceback();
    let diagnostic = diagnostic.or_else(|| fault::diagnose(&mut performed.outcome, failure, span));
    finish(job, &renderer, settled, performed, (diagnostic, traceback))
}

fn finish(
    job: &Job,
    renderer: &Renderer<'_>,
    settled: Settled,
    performed: Performed,
    (diagnostic, traceback): (Option<Diagnostic>, Option<String>),
) -> Done {
    let node = &job.task.node;
    let Performed { mut outcome, mut effects, .. } = performed;
    let mut settled = settled;
    let helps = outcome.take_helps();
    let shows_diff = outcome.values.remove(SHOWS_DIFF).is_some();
    if outcome.values.remove("_ansible_no_log").is_some_and(|hidden| hidden.is_true()) {
        settled.disclosure = Disclosure::Censored;
    }
    // Stock drops a message that is nothing.
    if outcome.values.get("msg").is_some_and(Value::is_none) {
        outcome.values.remove("msg");
    }
    if matches!(outcome.status, Status::Failed | Status::Unreachable) {
        // What stock registers of every failure, and shows of none.
        let told = traceback.as_deref().unwrap_or(NO_TRACEBACK);
        outcome.values.insert("exception", Value::from(told));
    }
    let ignored = is_ignored(job, renderer, outcome.status);
    if outcome.is_failed() {
        effects.retain(remains::outlives_failure);
    }
    // `debug` only shows them; those of what was skipped aren't kept (case `facts-restricted`).
    if outcome.status == Status::Ok
        && effects.is_empty()
        && node.action() != "ansible.builtin.debug"
        && let Some(Value::Dict(facts)) = outcome.values.get("ansible_facts")
    {
        effects.push(Effect::Facts(facts.clone()));
    }
    let notify = std::mem::take(&mut settled.notify);
    let notify = if outcome.changed && outcome.is_good() { notify } else { Vec::new() };
    let facts_host = settled.delegate.as_ref().and_then(|delegate| {
        let wanted =
            keywords::optional("delegate_facts", node.keywords.delegate_facts.as_ref(), renderer);
        matches!(wanted, Ok(Some(true))).then(|| delegate.name.clone())
    });
    let elsewhere =
        facts_host.map(|host| remains::sent_to(&host, &mut effects)).unwrap_or_default();
    // Stock knows no address of a host that was never reached.
    let delegated_to = settled.delegate.map(|delegate| match outcome.status {
        Status::Unreachable => delegate.name.as_str().to_owned(),
        _ => delegate.shown,
    });
    Done {
        result: HostResult {
            host: job.name.clone(),
            task: settled.info.unwrap_or_else(|| Arc::clone(&node.info)),
            outcome: Arc::new(outcome),
            delegated_to,
            ignored,
            disclosure: settled.disclosure,
            mode: settled.mode,
            // What a module of one's own says of a diff that its task doesn't want is told if the
            // run wants diffs (case `diff-own`).
            diff: shows_diff || settled.diff || job.shared.services.settings().diff,
            keywords: settled.keywords,
            diagnostic: diagnostic.map(Box::new),
            told: Vec::new(),
            helps,
        },
        effects,
        elsewhere,
        notify,
    }
}

pub(crate) fn ignores(job: &Job, renderer: &Renderer<'_>) -> Result<bool, Fault> {
    let keyword = job.task.node.keywords.ignore_errors.as_ref();
    Ok(keywords::optional("ignore_errors", keyword, renderer)?.unwrap_or(false))
}

/// Whether the host goes on after this: `ignore_errors`, `ignore_unreachable`.
fn is_ignored(job: &Job, renderer: &Renderer<'_>, status: Status) -> bool {
    let keyword = || job.task.node.keywords.ignore_unreachable.as_ref();
    match status {
        Status::Failed => matches!(ignores(job, renderer), Ok(true)),
        Status::Unreachable => {
            matches!(keywords::optional("ignore_unreachable", keyword(), renderer), Ok(Some(true)))
        }
        Status::Ok | Status::Skipped => false,
    }
}

/// Known before the action runs: its result has no say in it.
fn notified(job: &Job, renderer: &Renderer<'_>) -> Result<Vec<String>, Fault> {
    let mut names = Vec::new();
    for written in &job.task.node.notify {
        match renderer.render(written) {
            Ok(Value::List(items)) => names.extend(items.iter().map(|i| i.to_text().into_owned())),
            Ok(value) => names.push(value.to_text().into_owned()),
            Err(error) if matches!(error.kind(), ErrorKind::Omit) => {}
            Err(error) => {
                let prefix = "Error processing keyword 'notify'";
                return Err(Fault::of(prefix, &error, written.span()));
            }
        }
    }
    Ok(names)
}

fn skipped_by(condition: &Value) -> Outcome {
    Outcome::skipped()
        .with("false_condition", condition.clone())
        .with("skip_reason", "Conditional result was False")
}

fn attempt(
    job: &Job,
    scope: &TaskScope,
    renderer: &Renderer<'_>,
    item: Option<&Item<'_>>,
    settled: &mut Settled,
) -> Result<Performed, Fault> {
    let node = &job.task.node;
    // Before the condition, which knows `ansible_delegated_vars` (case `delegated-vars`).
    settled.delegate = delegation::delegate(job, scope, renderer, item, settled)?;
    let own = delegation::seen(job, scope, renderer, settled);
    let scope = own.as_ref().unwrap_or(scope);
    let of_own = own.as_ref().map(|scope| Renderer::new(scope, &*job.task.effects));
    let renderer = of_own.as_ref().unwrap_or(renderer);
    if let Verdict::Fails(condition) =
        conditions::all("when", &node.keywords.when, &node.keywords, renderer)?
    {
        return Ok(skipped_by(condition).into());
    }
    (settled.mode, settled.diff) =
        keywords::mode(&node.keywords, job.shared.services.settings(), renderer)?;
    ignores(job, renderer)?;
    keywords::check_flags(&node.keywords, renderer)?;
    let written = settled.disclosure;
    settled.disclosure =
        keywords::disclosure(&node.keywords, job.shared.services.settings(), renderer);
    let callee = callee(&job.task, &*job.shared.services, renderer)?;
    let finalized =
        arguments::finalize(&job.task, &callee, job.shared.services.finder(), renderer)?;
    arguments::refuse_raw(&job.task, &callee, finalized.raw.as_ref())?;
    match callee {
        Callee { what: Called::Own(Action { kind: ActionKind::Flow, .. }), .. } => {
            settled.disclosure = written;
            include::request(job, &finalized, item)
        }
        callee => {
            // What can't be rendered fails a task that doesn't need it, too (case
            // `undefined-places`).
            settled.target = keywords::target(&node.keywords, renderer)
                .inspect_err(|_| settled.disclosure = written)?;
            keywords::optional("no_log", node.keywords.no_log.as_ref(), renderer)
                .inspect_err(|fault| tell_hidden(job, fault))?;
            settled.environment = keywords::environment(&job.task, renderer)?;
            settled.notify = notified(job, renderer)?;
            settled.info = Some(Arc::clone(&callee.info));
            settled.keywords = described::keywords(job, (scope, renderer), settled, &finalized);
            tries(job, scope, renderer, settled, &(finalized, callee))
        }
    }
}

/// That a result is hidden because its `no_log` can't be told (case `no-log-everywhere`).
fn tell_hidden(job: &Job, fault: &Fault) {
    let told = fault.0.first().map(|cause| cause.message.as_str()).unwrap_or_default();
    let message = format!("Invalid no_log value for task, output will be masked: {told}");
    let place = fault.0.first().and_then(|cause| cause.span.clone());
    job.task.effects.tell(Diagnostic::warning(message).at(place));
}

/// Whether anything is asked of its results.
fn has_conditions(job: &Job) -> bool {
    let node = &job.task.node;
    node.changed_when.is_some() || node.failed_when.is_some() || !node.until.is_empty()
}

fn tries(
    job: &Job,
    scope: &TaskScope,
    renderer: &Renderer<'_>,
    settled: &Settled,
    called: &(Finalized, Callee),
) -> Result<Performed, Fault> {
    let tries = retries::plan(job, renderer)?;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let on_the_way = Cell::new(None);
        let mut performed = once(job, scope, renderer, settled, called, &on_the_way);
        if let Some(fault) = on_the_way.take() {
            return Err(fault);
        }
        if results::is_beyond_conditions(&performed) {
            return Ok(performed);
        }
        results::judge(&mut performed);
        membership::judge(job, &mut performed);
        if tries.count > 1 {
            performed.outcome.values.insert("attempts", Value::from(attempt));
        }
        // Conditions see the facts that it sets (case `until-corners`).
        let mut seeing = scope.clone();
        loops::see_facts(job, &mut seeing, &performed.effects);
        if has_conditions(job)
            && let Some(Value::Dict(facts)) = performed.outcome.values.get("ansible_facts")
        {
            seeing.with_facts(facts);
        }
        results::apply(&job.task, &seeing, &mut performed);
        if tries.count == 1 {
            return Ok(performed);
        }
        if performed.outcome.status == Status::Unreachable
            || results::is_met(&job.task, &seeing, &performed.outcome)?
        {
            return Ok(performed);
        }
        if attempt >= tries.count {
            // What `failed_when` says counts more than that `until` was never met (case
            // `retries-attempts`).
            let failed = performed.outcome.is_failed();
            if !failed && job.task.node.failed_when.is_none() {
                performed.outcome.status = Status::Failed;
                performed.failure = nafal_actions::Failure::Silent;
            }
            performed.outcome.values.insert("attempts", Value::from(attempt - 1));
            return Ok(performed);
        }
        retries::tell(job, settled, &performed.outcome, tries.count, attempt);
        retries::wait(job, tries.delay);
    }
}

/// One try.
fn once(
    job: &Job,
    scope: &TaskScope,
    renderer: &Renderer<'_>,
    settled: &Settled,
    (finalized, callee): &(Finalized, Callee),
    on_the_way: &Cell<Option<Fault>>,
) -> Performed {
    let node = &job.task.node;
    let settings = job.shared.services.settings();
    let target = || {
        let keywords = settled.target.clone();
        let found = match &settled.delegate {
            Some(delegate) => {
                let renderer = Renderer::new(&delegate.scope, &*job.task.effects);
                target_of(&delegate.name, &delegate.scope, &renderer, &keywords, &settings.defaults)
            }
            None => target_of(&job.name, scope, renderer, &keywords, &settings.defaults),
        };
        found.inspect_err(|error| on_the_way.set(Some(Fault::of_target(error))))
    };
    let way = || {
        let (keywords, defaults) = (&settled.target, &settings.defaults);
        match &settled.delegate {
            Some(delegate) => {
                let renderer = Renderer::new(&delegate.scope, &*job.task.effects);
                way_of(&delegate.name, &delegate.scope, &renderer, keywords, defaults)
            }
            None => way_of(&job.name, scope, renderer, keywords, defaults),
        }
    };
    let target_scope = settled.delegate.as_ref().map_or(scope, |delegate| &delegate.scope);
    let surroundings = || {
        let fixed = surroundings::Fixed {
            mode: settled.mode,
            diff: settled.diff,
            disclosure: settled.disclosure,
            environment: &settled.environment,
            host: target_scope,
        };
        surroundings::surroundings(job, (scope, renderer), fixed).map_err(|fault| {
            on_the_way.set(Some(fault));
            Performed::from(Outcome::failed("the task's surroundings can't be made"))
        })
    };
    let planned = callee
        .identity(job, scope, renderer)
        .and_then(|()| Ok((background::plan(job, renderer)?, timeout::plan(job, renderer)?)));
    let (background, limit) = match planned {
        Ok(planned) => planned,
        Err(fault) => {
            on_the_way.set(Some(fault));
            return Performed::default();
        }
    };
    let begun = Instant::now();
    if background.is_some() {
        let refusal = match &callee.what {
            Called::Own(action) => background::refusal(&callee.info, action.kind),
            Called::Users(_) => None,
        };
        if let Some(refusal) = refusal {
            return refusal;
        }
    }
    let wanted = OnceCell::new();
    let find = || python::of(job, target_scope, renderer, settled);
    let python = || python::asked(&wanted, find, on_the_way);
    let connections = job.shared.services.connections();
    let remote = Remote::new(connections, &target, &surroundings, &python, limit).in_background(
        background.as_ref().map(background::wanted),
        background::job_folder(scope, renderer, settings),
    );
    let context = ActionContext {
        host: &job.name,
        task: &callee.info,
        written: &node.args,
        module_defaults: &node.keywords.module_defaults,
        collections: &node.keywords.collections,
        raw: finalized.raw.clone(),
        scope,
        target_scope,
        renderer,
        effects: &*job.task.effects,
        remote: &remote,
        way: &way,
        delegate: settled.delegate.as_ref().map(|delegate| &delegate.name),
        console: job.shared.services.console(),
        cancelled: job.shared.services.cancelled(),
        finder: job.shared.services.finder(),
        plugins: job.shared.services.plugins(),
        mode: settled.mode,
        diff: settled.diff,
        verbosity: settings.verbosity,
        invocation: keywords::tells_invocation(scope, renderer, settings),
        modules: &settings.modules,
        facts_modules: &settings.facts_modules,
        facts_subsets: settings
            .facts_subsets
            .as_deref()
            .filter(|_| node.origin == TaskOrigin::Gathering),
    };
    let mut performed = match &callee.what {
        Called::Users(module) => {
            let finder = job.shared.services.finder();
            nafal_actions::foreign::run(&context, finder, module, &finalized.args)
        }
        Called::Own(Action { kind: ActionKind::Here(run), .. }) => {
            run(&context, finalized.args.clone())
        }
        Called::Own(_) => module(&context, finalized),
    };
    if let Called::Own(_) = &callee.what {
        python::explain(&context, &callee.info, finalized, &mut performed);
    }
    python::settle(job, renderer, settled, (wanted.get(), &remote), &mut performed);
    if let Some(limit) = limit
        && timeout::is_over(&performed, begun, limit)
    {
        return timeout::outcome(limit);
    }
    match &background {
        Some(background) => background::follow(job, settled, &context, background, performed),
        None => performed,
    }
}

/// Runs the module that the task names. Modules say their name as it was written, except those
/// that stock's own actions call.
fn module(context: &ActionContext<'_>, finalized: &Finalized) -> Performed {
    let action = match context.task.resolved_action.as_str() {
        "ansible.builtin.command" => "ansible.legacy.command",
        "ansible.builtin.shell" => "ansible.legacy.shell",
        _ => context.task.action.as_str(),
    };
    let mut args = finalized.args.clone();
    if action == "ansible.legacy.shell" && args.contains("expand_argument_vars") {
        return Performed::refused(
            "Unsupported parameters for (shell) module: expand_argument_vars",
        );
    }
    // Stock has no process that stays as a user whom it became (case `become-user-removed`).
    if context.task.resolved_action == "ansible.builtin.user"
        && let Some(Value::Str(name)) = args.get("name").or_else(|| args.get("user"))
    {
        context.remote.leave(name.as_str());
    }
    if let Some(raw) = &finalized.raw {
        args.insert("_raw_params", Value::Str(raw.clone()));
    }
    let mut performed = Performed::module(context.remote.run(action, args));
    performed.failure = Failure::Module;
    performed
}
