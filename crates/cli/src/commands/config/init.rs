//! `init`: all settings with their defaults, as a file or as variables. What the comments say is
//! nafal's own. Must not know what holds now.

use nafal_base::{Dict, Value, shell};
use nafal_engine::{SettingSources, UsersOptions};
use nafal_output::Terminal;

use super::plugins::{Meant, meant};
use super::validate::{field, places};
use crate::arguments::{Init, InitFormat};
use crate::failure::Failure;

/// What is shown.
pub fn text(
    asked: &Init,
    (sources, users): (&SettingSources<'_>, &UsersOptions<'_>),
    terminal: &mut Terminal,
) -> Result<String, Failure> {
    let meant = meant(&asked.which, users, terminal)?;
    let writer = Writer { asked, sources };
    Ok(match asked.format {
        InitFormat::Ini => writer.file(&meant),
        InitFormat::Env => writer.variables(&meant, "env"),
        InitFormat::Vars => writer.variables(&meant, "vars"),
    })
}

struct Writer<'a> {
    asked: &'a Init,
    sources: &'a SettingSources<'a>,
}

/// An option, by its name.
type Named<'a> = (&'a str, &'a Dict);

/// Those of each plugin, in stock's order; it leaves out what it doesn't describe.
fn groups(meant: &Meant) -> Vec<Vec<Named<'_>>> {
    let plugins = meant.kinds.iter().flat_map(|kind| &kind.plugins).map(|plugin| &plugin.options);
    let named = |options| -> Vec<Named<'_>> {
        let each = Dict::iter(options).filter_map(|(name, told)| match told {
            Value::Dict(told) if told.contains("description") => Some((name.as_str()?, told)),
            _ => None,
        });
        each.collect()
    };
    meant.base.iter().chain(plugins).map(named).collect()
}

fn of<'a>(told: &'a Dict, field: &str) -> &'a str {
    told.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// What is said of it: the lines of users' own plugins each begin with this.
fn description(told: &Dict, start: &str) -> String {
    match told.get("description") {
        Some(Value::List(lines)) => {
            let lines: Vec<_> = lines.iter().map(Value::to_text).collect();
            lines.join(start)
        }
        _ => of(told, "description").to_owned(),
    }
}

fn kind(told: &Dict) -> &str {
    Some(of(told, "type")).filter(|kind| !kind.is_empty()).unwrap_or("string")
}

impl Writer<'_> {
    fn default_of(&self, told: &Dict) -> Value {
        told.get("default").map_or(Value::None, |default| self.sources.rendered(default))
    }

    /// Sections in the order in which they are met; each key is written once.
    fn file(&self, meant: &Meant) -> String {
        let mark = if self.asked.disabled { ";" } else { "" };
        let mut sections: Vec<(&str, Vec<(&str, String)>)> = Vec::new();
        for mut group in groups(meant) {
            group.sort_unstable_by_key(|(name, _)| *name);
            for (_, told) in group {
                // The newest of several places.
                let Some(place) = places(told, "ini").pop() else { continue };
                let (section, key) = (field(place, "section"), field(place, "key"));
                let at = sections.iter().position(|(name, _)| *name == section);
                let at = at.unwrap_or_else(|| {
                    sections.push((section, Vec::new()));
                    sections.len() - 1
                });
                let Some((_, entries)) = sections.get_mut(at) else { continue };
                if entries.iter().any(|(known, _)| *known == key) {
                    continue;
                }
                let value = match self.default_of(told) {
                    Value::None => String::new(),
                    Value::List(items) if kind(told) == "list" => joined(&items),
                    value => value.to_text().into_owned(),
                };
                let comment = format!("# ({}) {}", kind(told), description(told, "\n# "));
                entries.push((key, format!("{comment}\n{mark}{key}={value}\n")));
            }
        }
        let section = |(name, entries): (&str, Vec<(&str, String)>)| {
            let entries: Vec<String> = entries.into_iter().map(|(_, text)| text).collect();
            format!("[{name}]\n{}\n", entries.join("\n"))
        };
        sections.into_iter().map(section).collect::<Vec<_>>().join("\n")
    }

    /// Names with values, each where it is.
    fn variables(&self, meant: &Meant, sort: &str) -> String {
        let mark = if self.asked.disabled { "#" } else { "" };
        let mut lines = Vec::new();
        for (name, told) in groups(meant).into_iter().flatten() {
            let Some(place) = places(told, sort).pop() else { continue };
            let title = Some(of(told, "name")).filter(|title| !title.is_empty()).unwrap_or(name);
            lines.push(format!("# {title}({}): {}", kind(told), description(told, "\n#")));
            let variable = field(place, "name");
            // What is for stock's own use is only told of.
            if variable.starts_with('_') {
                continue;
            }
            let line = match self.asked.format {
                InitFormat::Vars => self.yaml(variable, told),
                _ => format!("{variable}={}", self.word(told)),
            };
            lines.push(format!("{mark}{line}\n"));
        }
        lines.join("\n")
    }

    /// A default as a shell's word.
    fn word(&self, told: &Dict) -> String {
        match (kind(told), self.default_of(told)) {
            ("boolean", value) => i32::from(value.is_true()).to_string(),
            (_, Value::None) => String::new(),
            ("list", Value::List(items)) if !items.is_empty() => {
                shell::quoted(&joined(&items)).into_owned()
            }
            (_, value) => match value.as_str() {
                Some("") => String::new(),
                Some(text) => shell::quoted(text).into_owned(),
                None => value.to_text().into_owned(),
            },
        }
    }

    /// A variable with its default, as YAML; lists stand in one line.
    fn yaml(&self, variable: &str, told: &Dict) -> String {
        let scalar = |name: &str, value: Value| {
            let one: Dict = [(name, value)].into_iter().collect();
            nafal_engine::to_yaml(&Value::Dict(one)).unwrap_or_default()
        };
        match told.contains("default").then(|| self.default_of(told)) {
            Some(Value::List(items)) if !items.is_empty() => {
                let items = items.iter().map(|item| {
                    scalar("x", item.clone()).trim_end().trim_start_matches("x: ").to_owned()
                });
                format!("{variable}: [{}]\n", items.collect::<Vec<_>>().join(", "))
            }
            Some(value) => scalar(variable, value),
            None => scalar(variable, Value::from("")),
        }
    }
}

fn joined(items: &nafal_base::List) -> String {
    items.iter().map(|item| item.to_text().into_owned()).collect::<Vec<_>>().join(", ")
}
