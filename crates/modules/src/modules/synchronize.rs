//! `ansible.posix.synchronize`: rsync's command line, and what rsync says it changed. Which end is on another machine
//! was settled by the action, which wrote it into `src` and `dest`.

mod command;

use std::path::Path;
use std::process::Command;

use nafal_base::shell::quoted;
use nafal_base::{Dict, Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result, tools};
use crate::registry::Module;
use crate::spec::{Argument, Default, Kind, Spec};

use command::Line;

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "ansible.posix.synchronize",
        &[
            Argument::path("src").required(),
            Argument::path("dest").required(),
            Argument::new("dest_port", Kind::Int),
            Argument::flag("delete", false),
            Argument::path("private_key"),
            Argument::text("rsync_path"),
            Argument::path("_local_rsync_path").or_text("rsync"),
            Argument::text("_local_rsync_password").hidden(),
            Argument::flag("_substitute_controller", false),
            Argument::flag("archive", true),
            Argument::flag("checksum", false),
            Argument::flag("compress", true),
            Argument::flag("existing_only", false),
            Argument::flag("dirs", false),
            Argument::new("recursive", Kind::Bool),
            Argument::new("links", Kind::Bool),
            Argument::flag("copy_links", false),
            Argument::new("perms", Kind::Bool),
            Argument::new("times", Kind::Bool),
            Argument::new("owner", Kind::Bool),
            Argument::new("group", Kind::Bool),
            Argument::flag("set_remote_user", true),
            Argument::new("rsync_timeout", Kind::Int).or(Default::Int(0)),
            Argument::list("rsync_opts", Kind::Str).or(Default::Texts(&[])),
            Argument::text("_ssh_args"),
            Argument::flag("use_ssh_args", false),
            Argument::flag("ssh_connection_multiplexing", false),
            Argument::flag("partial", false),
            Argument::flag("verify_host", false),
            Argument::flag("delay_updates", true),
            Argument::text("mode").or_text("push").choices(&["pull", "push"]),
            Argument::list("link_dest", Kind::Path),
        ],
    ),
    run,
};

/// Before what rsync itemises, so that nothing else counts as a change.
const MARK: &str = "<<CHANGED>>";

const EMPTY_OPTION: &str = "The empty string is present in rsync_opts which will cause rsync to transfer the current working directory. \
                            If this is intended, use \".\" instead to get rid of this warning. If this is unintended, check for problems in \
                            your playbook leading to empty string in rsync_opts.";

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let (mut source, mut dest) =
        (args.required_text("src").to_owned(), args.required_text("dest").to_owned());
    if args.is("_substitute_controller") {
        let controller = controller(ctx)?;
        let local = |path: &str| path.replace("localhost:", &format!("{controller}:"));
        (source, dest) = (local(&source), local(&dest));
    }
    let link_dests = link_dests(args, ctx, &dest)?;
    if [&source, &dest].iter().all(|path| path.starts_with("rsync://")) {
        return Err(Failure::new("either src or dest must be a localhost").with("rc", 1));
    }
    if args.texts("rsync_opts").contains(&"") {
        ctx.warn(EMPTY_OPTION);
    }
    let password = args.text("_local_rsync_password").filter(|password| !password.is_empty());
    let mut words = Vec::new();
    if password.is_some() {
        let missing =
            "to use rsync connection with passwords, you must install the sshpass program";
        ctx.find_tool("sshpass").ok_or_else(|| Failure::new(missing))?;
        words.extend(["sshpass".to_owned(), "-d3".to_owned()]);
    }
    let rsync = program(args, ctx)?;
    let line = Line { args, ctx, link_dests: &link_dests };
    words.push(rsync.clone());
    words.extend(line.words(&source, &dest)?);
    let shown = words.join(" ");
    let argv = shlex::split(&shown).ok_or_else(|| {
        Failure::new("Invalid command syntax in run_command")
            .with("exception", "No closing quotation")
    })?;
    if password.is_none()
        && let Err(error) = Path::new(&rsync).metadata()
    {
        let words: Vec<_> = argv.iter().map(|word| quoted(word)).collect();
        return Err(tools::not_started(words.join(" "), &error).because(&error, &rsync));
    }
    let input = password.map(|password| format!("{password}\n"));
    let gave =
        ctx.run_prepared(prepared(&argv, password, ctx), input.as_deref().map(str::as_bytes))?;
    if gave.code != 0 {
        return Err(Failure::new(gave.stderr).with("rc", gave.code).with("cmd", shown));
    }
    let plain = gave.stdout.replace(MARK, "");
    let lines: Vec<&str> = plain.split('\n').filter(|line| !line.is_empty()).collect();
    let changed = has_changed(&gave.stdout, &link_dests);
    let mut outcome = Outcome::ok().changed_if(changed);
    if ctx.wants_diff() {
        let diff: Dict = [("prepared", Value::from(plain.as_str()))].into_iter().collect();
        outcome = outcome.with("diff", diff);
    }
    Ok(outcome
        .with("rc", gave.code)
        .with("cmd", shown)
        .with("stdout_lines", lines)
        .with("msg", plain.clone()))
}

/// The rsync of this side.
fn program(args: &Arguments, ctx: &Ctx) -> Result<String> {
    let named = args.required_text("_local_rsync_path");
    if named.contains('/') {
        return Ok(named.to_owned());
    }
    Ok(ctx.tool(named)?.to_string_lossy().into_owned())
}

/// Folders whose files are linked instead of copied. One that the destination is in would come to itself.
fn link_dests(args: &Arguments, ctx: &Ctx, dest: &str) -> Result<Vec<String>> {
    let absolute = |path: &str| ctx.absolute(path).to_string_lossy().into_owned();
    let is_below = |path: &str, folder: &str| {
        path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    };
    let named = args.texts("link_dest").into_iter().map(|folder| {
        let folder = absolute(folder);
        let target = absolute(dest);
        if is_below(&target, &folder) {
            return Err(Failure::new(format!(
                "Hardlinking into a subdirectory of the source would cause recursion. {target} and {dest}"
            )));
        }
        Ok(folder)
    });
    named.collect()
}

/// How this machine is called by the one that runs the module: by the connection that brought it there.
fn controller(ctx: &Ctx) -> Result<String> {
    let client = ["SSH_CLIENT", "SSH_CONNECTION"].iter().find_map(|name| ctx.env(name));
    let client = client.map(|client| client.to_string_lossy().into_owned()).unwrap_or_default();
    client
        .split_whitespace()
        .next()
        .map(str::to_owned)
        .ok_or_else(|| Failure::new("Could not determine controller hostname for rsync to send to"))
}

/// With a password, a shell puts what comes in where sshpass reads it: it is on no command line and in no environment.
fn prepared(argv: &[String], password: Option<&str>, ctx: &Ctx) -> Command {
    let (program, rest) =
        argv.split_first().map_or(("", argv), |(first, rest)| (first.as_str(), rest));
    match password {
        None => {
            let mut command = ctx.command(program);
            command.args(rest);
            command
        }
        Some(_) => {
            let mut command = ctx.command("/bin/sh");
            command.args(["-c", "exec 3<&0 </dev/null; exec \"$@\"", "sh"]).args(argv);
            command
        }
    }
}

/// Whether something was changed. With folders to link against, rsync tells of everything, and a dot means that it
/// is as it was.
fn has_changed(told: &str, link_dests: &[String]) -> bool {
    match link_dests {
        [] => told.contains(MARK),
        _ => !told.contains(&format!("{MARK}.")),
    }
}
