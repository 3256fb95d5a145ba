//! The order of things: the environment, the packages, pip, what changed. Must not know how they are asked.

use nafal_base::{Outcome, Value};

use super::installed::Listed;
use super::packages::{Package, is_of_repository, packages};
use super::tool::{Tool, failed, listed};
use super::virtualenv;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::tools::Gave;
use crate::files::{Failure, Result};
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        required_one_of: &[&["name", "requirements"]],
        mutually_exclusive: &[
            &["name", "requirements"],
            &["executable", "virtualenv"],
            &["editable", "requirements"],
        ],
        ..Spec::new(
            "pip",
            &[
                Argument::text("state").or_text("present").choices(&[
                    "present",
                    "absent",
                    "latest",
                    "forcereinstall",
                ]),
                Argument::list("name", Kind::Str),
                Argument::text("version"),
                Argument::text("requirements"),
                Argument::path("virtualenv"),
                Argument::flag("virtualenv_site_packages", false),
                Argument::path("virtualenv_command").or_text("virtualenv"),
                Argument::text("virtualenv_python"),
                Argument::text("extra_args"),
                Argument::flag("editable", false),
                Argument::path("chdir"),
                Argument::path("executable"),
                Argument::text("umask"),
                Argument::flag("break_system_packages", false),
                // The controller's: the Python that modules of this host run under.
            ],
        )
    },
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let state = args.required_text("state");
    if state == "latest" && args.text("version").is_some() {
        return Err(Failure::new("version is incompatible with state=latest"));
    }
    let tool = Tool::new(args, ctx)?;
    let mut said = Gave::default();
    let mut made = None;
    if let Some(path) = tool.environment.as_ref().filter(|_| tool.lacks_environment()) {
        if ctx.is_check() {
            return Ok(Outcome::ok().changed_if(true));
        }
        let new = virtualenv::make(&tool, path)?;
        said = new.gave;
        made = Some(new.words);
    }
    let pip = tool.pip()?;
    let names = args.texts("name");
    let wanted = packages(&names, args.text("version"))?;
    let requirements = args.text("requirements").filter(|file| !file.is_empty());
    if wanted.is_empty() && requirements.is_none() {
        let Some(words) = made else {
            ctx.warn("No valid name or requirements file found.");
            return Ok(Outcome::ok());
        };
        return Ok(result(&tool, &words, said).changed_if(true));
    }
    let words = words(args, &pip, &wanted, requirements)?;
    if ctx.is_check() {
        return checked(&tool, &pip, &wanted);
    }
    let is_compared = requirements.is_some() || names.iter().any(|name| is_of_repository(name));
    let before = is_compared.then(|| Listed::ask(&tool, &pip)).transpose()?;
    let gave = tool.run(&words)?;
    let new = said.stdout.len();
    said.stdout.push_str(&gave.stdout);
    said.stderr.push_str(&gave.stderr);
    let was_gone = |text: &str| text.contains("not installed");
    let is_gone =
        gave.code == 1 && state == "absent" && (was_gone(&gave.stdout) || was_gone(&gave.stderr));
    if gave.code != 0 && !is_gone {
        return Err(failed(&words, &said.stdout, &said.stderr));
    }
    let says = |text: &str| said.stdout[new..].contains(text);
    let is_changed = match before {
        _ if state == "absent" => says("Successfully uninstalled"),
        None => says("Successfully installed"),
        Some(before) => Listed::ask(&tool, &pip)?.gave.stdout != before.gave.stdout,
    };
    Ok(result(&tool, &words, said).changed_if(is_changed || made.is_some()))
}

/// What pip is told to do.
fn words(
    args: &Arguments,
    pip: &[String],
    wanted: &[Package],
    requirements: Option<&str>,
) -> Result<Vec<String>> {
    let verb: &[&str] = match args.required_text("state") {
        "absent" => &["uninstall", "-y"],
        "latest" => &["install", "-U"],
        "forcereinstall" => &["install", "-U", "--force-reinstall"],
        _ => &["install"],
    };
    let mut words = pip.to_vec();
    words.extend(verb.iter().map(|word| (*word).to_owned()));
    if let Some(extra) = args.text("extra_args") {
        words.extend(virtualenv::split(extra)?);
    }
    for package in wanted {
        if args.is("editable") {
            words.push("-e".to_owned());
        }
        words.push(package.written());
    }
    if let Some(file) = requirements.filter(|_| wanted.is_empty()) {
        words.extend(["-r", file].map(str::to_owned));
    }
    Ok(words)
}

/// What would be done. Where pip alone knows, it is taken for a change.
fn checked(tool: &Tool<'_>, pip: &[String], wanted: &[Package]) -> Result<Outcome> {
    let state = tool.args.required_text("state");
    let has_more = tool.args.text("extra_args").is_some_and(|extra| !extra.is_empty());
    if has_more || wanted.is_empty() || state == "latest" {
        return Ok(Outcome::ok().changed_if(true));
    }
    let present = Listed::ask(tool, pip)?;
    let mut is_changed = false;
    for package in wanted {
        is_changed = present.has_package(tool, pip, package)? == (state == "absent");
        if is_changed {
            break;
        }
    }
    Ok(Outcome::ok()
        .changed_if(is_changed)
        .with("cmd", present.words.join(" "))
        .with("stdout", present.gave.stdout)
        .with("stderr", present.gave.stderr))
}

fn result(tool: &Tool<'_>, words: &[String], said: Gave) -> Outcome {
    let args = tool.args;
    let given = |name: &str| args.value(name).cloned().unwrap_or_default();
    let environment = tool.environment.as_deref().map(Value::from).unwrap_or_default();
    Outcome::ok()
        .with("cmd", listed(words))
        .with("name", given("name"))
        .with("version", given("version"))
        .with("state", given("state"))
        .with("requirements", given("requirements"))
        .with("virtualenv", environment)
        .with("stdout", said.stdout)
        .with("stderr", said.stderr)
}
