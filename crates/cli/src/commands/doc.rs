//! `nafal doc MODULE`: what a module takes, from what the module itself checks. Must not know modules.

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Value};
use nafal_engine::{ModuleDoc, OptionDoc, module_doc, module_names};
use nafal_output::{Stream, Terminal};

use super::session::{begin, close};
use super::table::Call;
use crate::arguments::Doc;
use crate::failure::Failure;

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let mut session = match begin::<Doc>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let result = go(&session.arguments, &mut session.terminal);
    close(&mut session.terminal, result.map(|()| 0))
}

fn go(asked: &Doc, terminal: &mut Terminal) -> Result<(), Failure> {
    let text = if asked.list {
        names(asked)
    } else {
        let docs: Result<Vec<ModuleDoc>, Failure> = asked
            .modules
            .iter()
            .map(|name| module_doc(name).ok_or_else(|| unknown(name)))
            .collect();
        if asked.json {
            let docs: Dict = docs?.iter().map(|doc| (doc.name, json(doc))).collect();
            to_json(&Value::Dict(docs), Style::indented(4).sorted())
        } else {
            docs?.iter().map(page).collect::<Vec<_>>().join("\n\n")
        }
    };
    terminal.unlogged(Stream::Out, None, &text);
    Ok(())
}

fn names(asked: &Doc) -> String {
    let names = module_names();
    if !asked.json {
        return names.join("\n");
    }
    to_json(&Value::List(names.iter().map(|name| Value::from(*name)).collect()), Style::indented(4))
}

fn unknown(name: &str) -> Failure {
    let text = format!("nafal has no module {name} of its own; what users bring isn't looked at");
    Failure::new(text, 1)
}

/// As people read it.
fn page(doc: &ModuleDoc) -> String {
    let mut lines = vec![
        format!("> {}", doc.full_name()),
        String::new(),
        format!("runs on:     {}", doc.place),
        format!("check mode:  {}", doc.check_mode.unwrap_or("not known")),
    ];
    if doc.free_form {
        lines.push("free form:   text that isn't key=value is taken".to_owned());
    }
    lines.push(String::new());
    match &doc.options {
        None => {
            lines.push("What it takes isn't listed: it looks at its arguments itself.".to_owned())
        }
        Some(options) if options.is_empty() => lines.push("It takes no arguments.".to_owned()),
        Some(options) => {
            lines.push("arguments (= must be given):".to_owned());
            lines.extend(options.iter().map(option));
        }
    }
    if !doc.rules.is_empty() {
        lines.extend([String::new(), "rules:".to_owned()]);
        lines.extend(doc.rules.iter().map(|rule| format!("  {rule}")));
    }
    lines.join("\n")
}

fn option(option: &OptionDoc) -> String {
    let mark = if option.is_required { '=' } else { '-' };
    let mut text = format!("{mark} {:<28} {}", option.name, option.kind.unwrap_or("any"));
    if let Some(elements) = option.elements {
        text.push_str(&format!(" of {elements}"));
    }
    let mut more = Vec::new();
    if !option.choices.is_empty() {
        more.push(format!("choices: {}", option.choices.join(", ")));
    }
    if let Some(default) = &option.default {
        more.push(format!("default: {}", to_json(default, Style::LINE)));
    }
    if !option.aliases.is_empty() {
        more.push(format!("aliases: {}", option.aliases.join(", ")));
    }
    if option.is_secret {
        more.push("never shown".to_owned());
    }
    for one in more {
        text.push_str(&format!("\n    {one}"));
    }
    text
}

/// The facts that `ansible-doc --json` has, by its names.
fn json(doc: &ModuleDoc) -> Value {
    let dict = |fields: Vec<(&'static str, Value)>| Value::Dict(fields.into_iter().collect());
    let mut fields = vec![
        ("collection", Value::from("ansible.builtin")),
        ("has_action", Value::Bool(doc.place == "the controller")),
        ("module", Value::from(doc.name)),
        ("plugin_name", Value::from(doc.full_name())),
    ];
    if let Some(support) = doc.check_mode {
        let check_mode = dict(vec![("support", Value::from(support))]);
        fields.push(("attributes", dict(vec![("check_mode", check_mode)])));
    }
    if let Some(options) = &doc.options {
        let options = options.iter().map(|option| (option.name, option_json(option)));
        fields.push(("options", Value::Dict(options.collect())));
    }
    dict(vec![("doc", dict(fields))])
}

fn option_json(option: &OptionDoc) -> Value {
    let words = |words: &[&str]| Value::List(words.iter().map(|word| Value::from(*word)).collect());
    let mut fields: Dict = Dict::new();
    if let Some(kind) = option.kind {
        fields.insert("type", Value::from(kind));
    }
    if let Some(elements) = option.elements {
        fields.insert("elements", Value::from(elements));
    }
    if option.is_required {
        fields.insert("required", Value::Bool(true));
    }
    if let Some(default) = &option.default {
        fields.insert("default", default.clone());
    }
    if !option.choices.is_empty() {
        fields.insert("choices", words(option.choices));
    }
    if !option.aliases.is_empty() {
        fields.insert("aliases", words(option.aliases));
    }
    if option.is_secret {
        fields.insert("no_log", Value::Bool(true));
    }
    Value::Dict(fields)
}
