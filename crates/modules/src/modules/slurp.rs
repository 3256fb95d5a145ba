//! `slurp`: a file's content, in base64 or as it is. Must not change anything.

use std::fs;
use std::io;

use base64::Engine;
use nafal_base::Outcome;
use nafal_base::charset::Charset;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Failure, Result};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "slurp",
        &[Argument::path("src").required().aliases(&["path"]), Argument::flag("armor", true)],
    ),
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let source = args.required_text("src");
    let path = ctx.resolve(source);
    let content = fs::read(&path).map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::NotFound => format!("File not found: {source}"),
            io::ErrorKind::PermissionDenied => format!("File is not readable: {source}"),
            io::ErrorKind::IsADirectory => {
                format!("Source is a directory and must be a file: {source}")
            }
            _ => "Unable to slurp file".to_owned(),
        };
        Failure::new(why).with("exception", errno_text(&error, Some(source)))
    })?;
    let (content, encoding) = match args.is("armor") {
        true => (base64::engine::general_purpose::STANDARD.encode(content), "base64"),
        false => (Charset::Utf8.decode(&content)?, "utf-8"),
    };
    Ok(Outcome::ok().with("content", content).with("source", source).with("encoding", encoding))
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
        assert!(slurp(folder.path()).text("msg").unwrap().starts_with("Source is a directory"));
        assert!(slurp(&folder.path().join("x")).text("msg").unwrap().starts_with("File not found"));
    }
}
