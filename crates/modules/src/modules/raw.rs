//! `raw`: a command line through the login's shell, with nothing around it. Must not know how it
//! got here.

use nafal_base::{Outcome, Status};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Failure, Result};
use crate::lines;
use crate::processes::{self, Limit, RunError};
use crate::registry::Module;
use crate::spec::{Argument, CheckMode, FreeForm, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        free_form: FreeForm::Taken,
        check_mode: CheckMode::Skipped,
        ..Spec::new(
            "raw",
            &[Argument::text("_raw_params").required(), Argument::text("executable")],
        )
    },
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let shell = args.text("executable").filter(|shell| !shell.is_empty()).unwrap_or("/bin/sh");
    through_shell(shell, args.required_text("_raw_params"), ctx)
}

/// A command line through a shell; its output stays as it is.
pub(super) fn through_shell(shell: &str, line: &str, ctx: &Ctx) -> Result<Outcome> {
    let mut command = ctx.command(shell);
    command.arg("-c").arg(line);
    let limit = Limit(64 * 1024 * 1024);
    let ended = match processes::run(command, None, limit, ctx.processes()) {
        Ok(ended) => ended,
        Err(RunError::Cancelled) => return Err(Failure::new("the task was cancelled")),
        Err(RunError::Start(error)) => return Err(Failure::new(errno_text(&error, Some(shell)))),
    };
    let overflowed = ended.stdout.overflowed() || ended.stderr.overflowed();
    let [stdout, stderr] =
        [&ended.stdout, &ended.stderr].map(|stream| String::from_utf8_lossy(&stream.bytes));
    let mut outcome = Outcome::changed()
        .with("rc", ended.code)
        .with("stdout", &*stdout)
        .with("stdout_lines", lines::split(&stdout).collect::<Vec<_>>())
        .with("stderr", &*stderr)
        .with("stderr_lines", lines::split(&stderr).collect::<Vec<_>>());
    if overflowed {
        outcome.status = Status::Failed;
        outcome = outcome.with("msg", "the command wrote more than the 64 MiB that are kept");
    } else if ended.code != 0 {
        outcome.status = Status::Failed;
        outcome = outcome.with("msg", "non-zero return code");
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use nafal_base::Dict;

    use super::*;

    #[test]
    fn output_stays_as_it_is() {
        let args: Dict =
            [("_raw_params", "echo a; echo b >&2; exit 3".into())].into_iter().collect();
        let outcome = MODULE.run(&args, &Ctx::plain("raw", Default::default()));
        assert_eq!((outcome.text("stdout"), outcome.text("stderr")), (Some("a\n"), Some("b\n")));
        assert_eq!(outcome.text("msg"), Some("non-zero return code"));
    }
}
