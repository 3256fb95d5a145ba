//! `nafal.builtin.script`: the target's half of `script`: the controller's text becomes a program
//! in a folder of its own, runs through the login's shell, and goes. Must not know what it does.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nafal_base::shell::quoted;
use nafal_base::{Outcome, Value};

use super::raw;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::staged::random_text;
use crate::files::{Failure, Result};
use crate::processes;
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// The table's line. `content` or the uploaded `src` is the program, `name` its name, `line` what
/// follows it on the command line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "nafal.builtin.script",
        &[
            Argument::new("content", Kind::Raw),
            Argument::path("src"),
            Argument::text("name").required(),
            Argument::text("line").or_text(""),
            Argument::text("executable"),
            Argument::text("chdir"),
            Argument::text("creates"),
            Argument::text("removes"),
        ],
    ),
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let exists = |path: &str| ctx.resolve(ctx.expand_user(path)).exists();
    if let Some(path) = args.text("creates").filter(|path| exists(path)) {
        let message = format!("{path} exists, matching creates option");
        return Ok(Outcome::skipped().with("msg", message));
    }
    if let Some(path) = args.text("removes").filter(|path| !exists(path)) {
        let message = format!("{path} does not exist, matching removes option");
        return Ok(Outcome::skipped().with("msg", message));
    }
    // Without a name only these two are asked for.
    if args.required_text("name").is_empty() {
        return Ok(Outcome::ok());
    }
    if ctx.is_check() {
        let is_known = args.text("creates").is_some() || args.text("removes").is_some();
        return Ok(match is_known {
            true => Outcome::changed(),
            false => Outcome::skipped().with("msg", "Check mode is not supported for this task."),
        });
    }
    let program = Program::new(args, ctx)?;
    let mut line = String::new();
    if let Some(folder) = args.text("chdir") {
        line.push_str(&format!("cd {} && ", quoted(folder)));
    }
    if let Some(executable) = args.text("executable") {
        line.push_str(&format!("{executable} "));
    }
    line.push_str(&quoted(&program.path.to_string_lossy()));
    line.push_str(args.required_text("line"));
    raw::through_shell("/bin/sh", &line, ctx)
}

/// The program, which goes with its folder.
struct Program {
    folder: PathBuf,
    path: PathBuf,
}

impl Program {
    fn new(args: &Arguments, ctx: &Ctx) -> Result<Program> {
        let failed = |path: &Path, error: &std::io::Error| {
            Failure::new(errno_text(error, Some(&path.to_string_lossy())))
        };
        let random = random_text().map_err(|error| failed(ctx.temporary(), &error))?;
        let folder = ctx.temporary().join(format!("script-{random}"));
        fs::DirBuilder::new().mode(0o700).create(&folder).map_err(|e| failed(&folder, &e))?;
        let path = folder.join(args.required_text("name"));
        let program = Program { folder, path };
        let uploaded = args.text("src").map(Path::new);
        // A copy of what was uploaded too: that has been open for long.
        let written = processes::writing(|| match (args.value("content"), uploaded) {
            (Some(Value::Bytes(bytes)), _) => fs::write(&program.path, bytes.as_slice()),
            (_, Some(source)) => fs::copy(source, &program.path).map(drop),
            (_, None) => fs::write(&program.path, ""),
        });
        written.map_err(|error| failed(&program.path, &error))?;
        if let Some(source) = uploaded {
            // What stays goes with the agent's folder.
            let _ = fs::remove_file(source);
        }
        let mode = fs::Permissions::from_mode(0o700);
        fs::set_permissions(&program.path, mode).map_err(|e| failed(&program.path, &e))?;
        Ok(program)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // What stays goes with the agent's folder.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use nafal_base::Dict;

    use super::*;

    /// Each has its own program, while the others start theirs.
    #[test]
    fn many_at_once() {
        let run = || {
            let args: Dict = [
                ("content", Value::bytes(b"#!/bin/sh\necho here\n".to_vec())),
                ("name", "say.sh".into()),
                ("line", "".into()),
            ]
            .into_iter()
            .collect();
            for _ in 0..100 {
                let outcome =
                    MODULE.run(&args, &Ctx::plain("nafal.builtin.script", Default::default()));
                assert_eq!(outcome.text("stdout"), Some("here\n"), "{outcome:?}");
            }
        };
        std::thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(run))));
    }

    #[test]
    fn runs_and_goes() {
        let run = |extra: &[(&str, &str)]| {
            let mut args: Dict = [
                (
                    "content",
                    Value::bytes(
                        b"#!/bin/sh\necho \"$(basename \"$0\") $# $1\"; exit 3\n".to_vec(),
                    ),
                ),
                ("name", "say it.sh".into()),
                ("line", " 'a b' c".into()),
            ]
            .into_iter()
            .collect();
            for (key, value) in extra {
                args.insert(*key, Value::from(*value));
            }
            MODULE.run(&args, &Ctx::plain("nafal.builtin.script", Default::default()))
        };
        let outcome = run(&[]);
        assert_eq!(outcome.text("stdout"), Some("say it.sh 2 a b\n"), "{outcome:?}");
        assert_eq!(outcome.text("msg"), Some("non-zero return code"));
        let skipped = run(&[("creates", "/etc/passwd")]);
        assert_eq!(skipped.text("msg"), Some("/etc/passwd exists, matching creates option"));
        let skipped = run(&[("removes", "/nosuch")]);
        assert_eq!(skipped.text("msg"), Some("/nosuch does not exist, matching removes option"));
    }
}
