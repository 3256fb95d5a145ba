//! `slurp`: a file's content in base64. Must not change anything.

use std::fs;

use base64::Engine;
use nafal_base::Outcome;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Failure, Result};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new("slurp", &[Argument::path("src").required().aliases(&["path"])]),
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let source = args.required_text("src");
    let path = ctx.resolve(source);
    let content = fs::read(&path).map_err(|error| {
        Failure::new(match error.kind() {
            std::io::ErrorKind::NotFound => format!("file not found: {source}"),
            std::io::ErrorKind::PermissionDenied => format!("file is not readable: {source}"),
            std::io::ErrorKind::IsADirectory => {
                format!("source is a directory and must be a file: {source}")
            }
            _ => format!("unable to slurp file: {}", errno_text(&error, Some(source))),
        })
    })?;
    let content = base64::engine::general_purpose::STANDARD.encode(content);
    Ok(Outcome::ok().with("content", content).with("source", source).with("encoding", "base64"))
}

#[cfg(test)]
mod tests {
    use nafal_base::Dict;

    use super::*;

    #[test]
    fn content_or_why_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("f");
        fs::write(&file, [0, 200]).unwrap();
        let slurp = |path: &std::path::Path| {
            let path = path.to_string_lossy().into_owned();
            let args: Dict = [("src", path.into())].into_iter().collect();
            MODULE.run(&args, &Ctx::plain("slurp", Default::default()))
        };
        assert_eq!(slurp(&file).text("content"), Some("AMg="));
        assert!(slurp(folder.path()).text("msg").unwrap().starts_with("source is a directory"));
        assert!(slurp(&folder.path().join("x")).text("msg").unwrap().starts_with("file not found"));
    }
}
