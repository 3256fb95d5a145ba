//! `template`: a file rendered here and written there.

use std::path::Path;

use nafal_base::charset::Charset;
use nafal_base::{Cause, Dict, Outcome, Source, Span, Value};
use nafal_templating::context::{DocumentOptions, template_folders};
use nafal_templating::{Renderer, TemplateFile, document_variables};

use crate::arguments::{Arguments, Flag};
use crate::context::ActionContext;
use crate::effect::Performed;
use crate::payload::{self, Payload};

pub(crate) const SUPPORTED: &[&str] = &[
    "attributes",
    "attr",
    "backup",
    "block_end_string",
    "block_start_string",
    "comment_end_string",
    "comment_start_string",
    "dest",
    "follow",
    "force",
    "group",
    "lstrip_blocks",
    "mode",
    "newline_sequence",
    "output_encoding",
    "owner",
    "selevel",
    "serole",
    "setype",
    "seuser",
    "src",
    "trim_blocks",
    "unsafe_writes",
    "validate",
    "variable_end_string",
    "variable_start_string",
];

/// What only the controller's half needs.
const OURS: &[&str] = &[
    "block_end_string",
    "block_start_string",
    "comment_end_string",
    "comment_start_string",
    "lstrip_blocks",
    "newline_sequence",
    "output_encoding",
    "src",
    "trim_blocks",
    "variable_end_string",
    "variable_start_string",
];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    if args.contains("state") {
        return Err(Performed::refused("'state' cannot be specified on a template"));
    }
    let args = Arguments::check("template", args, SUPPORTED)?;
    let (Some(source), Some(dest)) = (args.text("src"), args.text("dest")) else {
        return Err(Performed::refused("src and dest are required"));
    };
    let Some(path) = context.effects.find(&["templates"], &source) else {
        let message = super::copy::not_found(context, "templates", &source);
        let mut performed = Performed::raised(message.clone(), None, Some(String::new()));
        performed.outcome = Outcome::failed(message);
        return Err(performed);
    };
    let bytes = context.effects.read(&path).map_err(|error| match error.kind() {
        // A vault that can't be opened.
        std::io::ErrorKind::Other => {
            let place = Span::whole(&Source::new(path.display().to_string(), ""));
            let message = error.to_string();
            Performed::from_causes(vec![Cause { message, span: Some(place), hint: None }])
        }
        _ => {
            Performed::from(Outcome::failed(format!("could not read {}: {error}", path.display())))
        }
    })?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Performed::from(Outcome::failed(format!(
            "Template source files must be utf-8 encoded: {}",
            path.display()
        )))
    })?;
    let mut options = options(&args)?;
    options.variables = document_variables(
        context.effects,
        context.scope,
        TemplateFile { name: &source, path: &path, destination: Some(&dest) },
    )?;
    let mut folders = context.effects.search_path();
    folders.push(context.effects.current_folder());
    folders.extend(path.parent().map(Path::to_owned));
    options.folders = template_folders(&folders);
    let document = Source::new(path.display().to_string(), text);
    let searched =
        Value::List(folders.iter().map(|one| one.display().to_string().into()).collect());
    options.variables.insert("ansible_search_path", searched);
    // Lookups find what lies beside the template (case `template-beside`).
    let beside = path.parent().and_then(|folder| context.effects.beside(folder));
    let effects = beside.as_deref().unwrap_or(context.effects);
    let rendered = Renderer::new(context.scope, effects).document(&document, &options)?;
    let encoding = args.text("output_encoding").filter(|name| !name.is_empty());
    let bytes = Charset::named(encoding.as_deref().unwrap_or("utf-8"))
        .and_then(|charset| charset.encode(&rendered))
        .map_err(|error| Performed::raised(error.to_string(), None, None))?;
    let basename =
        path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut module = args.into_dict();
    for ours in OURS {
        module.remove(ours);
    }
    if module.get("mode").and_then(Value::as_str) == Some("preserve") {
        use std::os::unix::fs::PermissionsExt;
        let mode = context.effects.metadata(&path).map(|m| m.permissions().mode() & 0o7777);
        module.insert("mode", Value::from(format!("0{:03o}", mode.unwrap_or(0o644))));
    }
    let payload = Payload {
        bytes: &bytes,
        basename: &basename,
        // Stock renders into a folder of the run, and a diff names that.
        shown_source: Some(payload::local_path(context, &basename)),
    };
    Ok(payload::performed(payload::write(context, &payload, module)))
}

fn options(args: &Arguments) -> Result<DocumentOptions, Performed> {
    let mut options = DocumentOptions::default();
    let fields = [
        ("block_start_string", &mut options.block_start),
        ("block_end_string", &mut options.block_end),
        ("variable_start_string", &mut options.variable_start),
        ("variable_end_string", &mut options.variable_end),
        ("comment_start_string", &mut options.comment_start),
        ("comment_end_string", &mut options.comment_end),
    ];
    for (name, field) in fields {
        if let Some(text) = args.text(name) {
            *field = text.to_string();
        }
    }
    options.trim_blocks = args.flag("trim_blocks", Flag::On)?;
    options.lstrip_blocks = args.flag("lstrip_blocks", Flag::Off)?;
    if let Some(sequence) = args.text("newline_sequence") {
        options.newline_sequence = match &*sequence {
            "\\n" | "\n" => "\n".to_owned(),
            "\\r" | "\r" => "\r".to_owned(),
            "\\r\\n" | "\r\n" => "\r\n".to_owned(),
            _ => {
                // Stock's message ends with the newlines that it names, and loses them.
                return Err(Performed::refused("newline_sequence needs to be one of: \n, \r or"));
            }
        };
    }
    Ok(options)
}
