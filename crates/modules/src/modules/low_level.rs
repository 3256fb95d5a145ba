//! `nafal.builtin.low_level`: a command line of an action plugin in Python, in check mode too: the plugin knows what
//! it may do then. Must not know what it is for.

use nafal_base::{Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Failure, Result};
use crate::processes::{self, Limit, RunError};
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// How much of its output is kept.
const LIMIT: usize = 64 * 1024 * 1024;

/// The table's line. `input` is what stands on its standard input.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "nafal.builtin.low_level",
        &[
            Argument::text("line").required(),
            Argument::text("executable").or_text("/bin/sh"),
            Argument::new("input", Kind::Raw),
        ],
    ),
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let shell = args.required_text("executable");
    let mut command = ctx.command(shell);
    command.arg("-c").arg(args.required_text("line"));
    let input = match args.value("input") {
        Some(Value::Bytes(bytes)) => Some(bytes.as_slice()),
        Some(Value::Str(text)) => Some(text.as_str().as_bytes()),
        _ => None,
    };
    let ended = match processes::run(command, input, Limit(LIMIT), ctx.processes()) {
        Ok(ended) => ended,
        Err(RunError::Cancelled) => return Err(Failure::new("the task was cancelled")),
        Err(RunError::Start(error)) => return Err(Failure::new(errno_text(&error, Some(shell)))),
    };
    if ended.stdout.overflowed() || ended.stderr.overflowed() {
        return Err(Failure::new("the command wrote more than the 64 MiB that are kept"));
    }
    // Under names of their own: what is a result's `stdout` gets lines, and these are bytes.
    Ok(Outcome::ok()
        .with("rc", ended.code)
        .with("out", Value::bytes(ended.stdout.bytes))
        .with("err", Value::bytes(ended.stderr.bytes)))
}

#[cfg(test)]
mod tests {
    use nafal_base::Dict;

    use super::*;

    #[test]
    fn bytes_in_and_out() {
        let args: Dict =
            [("line", Value::from("cat; echo e >&2; exit 3")), ("input", Value::bytes(vec![255]))]
                .into_iter()
                .collect();
        let outcome = MODULE.run(&args, &Ctx::plain("low_level", Default::default()));
        assert_eq!(outcome.values.get("rc"), Some(&Value::Int(3)));
        assert_eq!(outcome.values.get("out"), Some(&Value::bytes(vec![255])));
        assert_eq!(outcome.values.get("err"), Some(&Value::bytes(b"e\n".to_vec())));
    }
}
