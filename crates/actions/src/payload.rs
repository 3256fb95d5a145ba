//! What copy and template send: some bytes that must be at a path, with mode and owner.

use nafal_base::{Dict, Outcome, Value};

use crate::context::ActionContext;

/// Above this many bytes a file travels in pieces, before the module runs.
const INLINE: usize = 1024 * 1024;

/// Bytes with a name, for a destination.
pub(crate) struct Payload<'a> {
    /// What must be there.
    pub bytes: &'a [u8],
    /// The name under which a destination that is a folder gets it.
    pub basename: &'a str,
    /// What a diff calls the new side.
    pub shown_source: Option<String>,
}

/// Puts the payload where `args` (the module's: dest, mode, owner, …) say, in one round trip when
/// it is small.
pub(crate) fn write(context: &ActionContext<'_>, payload: &Payload<'_>, mut args: Dict) -> Outcome {
    args.insert("_original_basename", Value::from(payload.basename));
    if let Some(source) = &payload.shown_source {
        args.insert("_diff_header", Value::from(source.as_str()));
    }
    if payload.bytes.len() <= INLINE {
        args.insert("content", Value::bytes(payload.bytes.to_vec()));
        return context.remote.run("nafal.builtin.write", args);
    }
    match context.remote.put(&mut &payload.bytes[..]) {
        Ok(path) => {
            args.insert("src", Value::from(path));
            context.remote.run("nafal.builtin.write", args)
        }
        Err(outcome) => outcome,
    }
}
