//! Lookups of files on the controller.

use std::path::{Path, PathBuf};

use nafal_base::{Diagnostic, Severity, Source, Span, Value};

use super::terms::{bool_option, option, text_option};
use crate::arguments::{fail, text};
use crate::context::{Context, DocumentOptions, template_folders};
use crate::document_variables::{TemplateFile, document_variables};
use crate::error::Error;
use crate::plugin::{Args, Lookup};

/// The lookups.
pub const LOOKUPS: &[Lookup] = &[
    Lookup { names: &["file"], doc: "what files hold", run: file },
    Lookup { names: &["unvault"], doc: "what files hold, decrypted", run: unvault },
    Lookup { names: &["template"], doc: "what template files give", run: template },
    Lookup { names: &["fileglob"], doc: "files that match patterns", run: fileglob },
];

/// A file's text where the search finds it.
pub(super) fn found_text(
    ctx: &Context<'_>,
    kinds: &[&str],
    name: &str,
) -> Result<Option<(PathBuf, String)>, Error> {
    found_encoded(ctx, kinds, name, "utf-8")
}

/// The same in another encoding.
pub(super) fn found_encoded(
    ctx: &Context<'_>,
    kinds: &[&str],
    name: &str,
    encoding: &str,
) -> Result<Option<(PathBuf, String)>, Error> {
    let Some(path) = ctx.effects().find(kinds, name) else {
        ctx.effects().warn(&format!(
            "Unable to find {} in expected paths (use -vvvvv to see paths)",
            nafal_base::value::string_repr(name)
        ));
        return Ok(None);
    };
    read(ctx, path, encoding).map(Some)
}

fn read(ctx: &Context<'_>, path: PathBuf, encoding: &str) -> Result<(PathBuf, String), Error> {
    let bytes = ctx.effects().read(&path).map_err(|why| match why.kind() {
        // A vault that can't be opened.
        std::io::ErrorKind::Other => Error::new(why.to_string())
            .at(Some(Span::whole(&Source::new(path.display().to_string(), "")))),
        _ => Error::new(format!(
            "an error occurred while trying to read the file '{}': {why}",
            path.display()
        )),
    })?;
    let encoding: String =
        encoding.chars().filter(|c| !matches!(c, '-' | '_')).collect::<String>().to_lowercase();
    let text = match encoding.as_str() {
        "utf8" | "ascii" => String::from_utf8_lossy(&bytes).into_owned(),
        "latin1" | "iso88591" => bytes.into_iter().map(char::from).collect(),
        other => return fail(format!("the encoding {other} is not built yet")),
    };
    Ok((path, text))
}

fn missing<T>(name: &str) -> Result<T, Error> {
    fail(format!(
        "Unable to access the file '{name}': File not found. Use -vvvvv to see paths searched."
    ))
}

fn file(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let mut found = Vec::with_capacity(args.positional.len());
    for term in args.positional {
        let name = text(term)?;
        // It says nothing of where it looked.
        let path = ctx.effects().find(&["files"], &name);
        let content = path.map(|path| read(ctx, path, "utf-8")).transpose().map_err(|error| {
            let message = format!("Unable to access the file '{name}'.");
            Error::new("The lookup plugin 'file' failed.")
                .caused_by(Error::new(message).caused_by(error))
        })?;
        let Some((_, content)) = content else {
            return missing(&name);
        };
        let mut content = content.as_str();
        if bool_option(args, "lstrip", false) {
            content = content.trim_start();
        }
        if bool_option(args, "rstrip", true) {
            content = content.trim_end();
        }
        found.push(content.into());
    }
    Ok(found)
}

fn unvault(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let mut found = Vec::with_capacity(args.positional.len());
    for term in args.positional {
        let name = text(term)?;
        match found_text(ctx, &["files"], &name)? {
            Some((_, content)) => found.push(content.into()),
            None => return fail(format!("Unable to find file matching \"{name}\"")),
        }
    }
    Ok(found)
}

fn options(args: Args<'_>) -> Result<DocumentOptions, Error> {
    let mut options = DocumentOptions::default();
    if let Some(Value::Dict(variables)) = option(args, "template_vars") {
        options.variables = variables.clone();
    }
    for (name, slot) in [
        ("variable_start_string", &mut options.variable_start),
        ("variable_end_string", &mut options.variable_end),
        ("comment_start_string", &mut options.comment_start),
        ("comment_end_string", &mut options.comment_end),
        ("block_start_string", &mut options.block_start),
        ("block_end_string", &mut options.block_end),
    ] {
        *slot = text_option(args, name, slot)?;
    }
    options.trim_blocks = bool_option(args, "trim_blocks", true);
    options.lstrip_blocks = bool_option(args, "lstrip_blocks", false);
    Ok(options)
}

/// What stock says of an option that decides nothing any more.
const CONVERT_DATA: &str = "convert_data option. Reason: This option is no longer used in the Ansible Core code base.\nAlternatives: Jinja2 native mode is now the default and only option, which is mutually exclusive with this option. This feature will be removed from lookup plugin 'template' in ansible-core version 2.23.";

fn template(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let options = options(args)?;
    if args.named.iter().any(|(name, _)| name.as_str() == "convert_data") {
        ctx.effects().tell(Diagnostic::new(Severity::Deprecation, CONVERT_DATA));
    }
    let mut found = Vec::with_capacity(args.positional.len());
    for term in args.positional {
        let name = text(term)?;
        let Some((path, content)) = found_text(ctx, &["templates"], &name)? else {
            return fail(format!("the template file {name} could not be found for the lookup"));
        };
        let source = Source::new(path.to_string_lossy(), content);
        let mut options = options.clone();
        options.folders = path.parent().map(Path::to_owned).into_iter().collect();
        options.folders.extend(template_folders(&ctx.search_path()));
        let file = TemplateFile { name: &name, path: &path, destination: None };
        for (name, value) in &document_variables(ctx.effects(), ctx.scope(), file)? {
            if options.variables.lookup(name.value()).is_none() {
                options.variables.insert(name.clone(), value.clone());
            }
        }
        found.push(ctx.document(&source, &options)?);
    }
    Ok(found)
}

fn fileglob(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let mut found = Vec::new();
    for term in args.positional {
        let term = text(term)?;
        let (folder, pattern) = crate::python_path::split(&term);
        let folders: Vec<PathBuf> = if folder.is_empty() {
            let below = |path: PathBuf| [path.join("files"), path];
            ctx.search_path().into_iter().flat_map(below).collect()
        } else {
            ctx.effects().find(&["files"], folder).into_iter().collect()
        };
        for folder in folders {
            let paths = ctx
                .effects()
                .glob(&folder.join(pattern))
                .map_err(|why| Error::new(why.to_string()))?;
            let before = found.len();
            found.extend(paths.into_iter().filter(|path| path.is_file()).map(path_value));
            // The first folder that has any is the one.
            if found.len() > before {
                break;
            }
        }
    }
    Ok(found)
}

fn path_value(path: PathBuf) -> Value {
    Value::from(Path::to_string_lossy(&path).into_owned())
}
