//! Roles as plays and other roles use them, and what a role says about itself. Must not know
//! where roles are.

use std::sync::Arc;

use nafal_base::{Dict, Source, Template, Value};

use super::actions::Actions;
use super::ast::{Keywords, RoleFrom, RoleMeta, RoleUse};
use super::class::class;
use super::keywords::{Place, is_keyword};
use super::reader::{Fields, Parsed, Reader};
use super::values::shown;
use crate::error::Error;

/// The name in a use of a role, as it is written.
pub fn named_role(role: &Value) -> Option<&str> {
    match role {
        Value::Dict(role) => role.get("role").or_else(|| role.get("name"))?.as_str(),
        other => other.as_str(),
    }
}

/// What `meta/main.yml` of the role `name` says. An empty file says nothing.
pub fn parse_role_meta(
    source: &Arc<Source>,
    name: &str,
    actions: &dyn Actions,
) -> Parsed<RoleMeta> {
    const KEYS: [&str; 6] = [
        "allow_duplicates",
        "argument_specs",
        "collections",
        "dependencies",
        "galaxy_info",
        "standalone",
    ];
    let (mut reader, content) = Reader::open(source, actions)?;
    let (dict, span) = match content {
        None | Some((Value::None, _)) => return reader.finish(RoleMeta::default()),
        Some((Value::Dict(dict), span)) => (dict, span),
        Some((_, span)) => {
            let message = format!("the 'meta/main.yml' for role {name} is not a dictionary");
            return Err(vec![Error::invalid(message, span)]);
        }
    };
    let fields = Fields { dict: &dict, owner: "RoleMetadata", span: &span };
    for key in dict.keys() {
        let text = key.value().to_text();
        if !KEYS.contains(&&*text) {
            let hint = crate::closest(&text, KEYS).map(|key| format!("Did you mean '{key}'?"));
            let span = key.value().span().unwrap_or(&span).clone();
            let keyword = text.into_owned();
            reader.errors.push(Error::UnknownKeyword { keyword, owner: fields.owner, span, hint });
        }
    }
    let meta = RoleMeta {
        dependencies: reader.dependencies(fields),
        allow_duplicates: fields.get("allow_duplicates").is_some_and(|(_, value)| is_yes(value)),
        collections: reader.texts(fields, "collections"),
        argument_specs: fields.get("argument_specs").map(|(_, value)| value.clone()),
    };
    reader.finish(meta)
}

fn is_yes(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Int(number) => *number == 1,
        Value::Str(text) => {
            matches!(text.trim().to_lowercase().as_str(), "y" | "yes" | "on" | "1" | "true" | "t")
        }
        _ => false,
    }
}

impl Reader<'_> {
    /// A play's `roles`.
    pub(super) fn roles(&mut self, fields: Fields<'_>) -> Vec<RoleUse> {
        match fields.get("roles") {
            None => Vec::new(),
            Some((_, list @ Value::List(items))) => {
                (0..items.len()).filter_map(|index| self.role_use(list, index, fields)).collect()
            }
            Some((_, other)) => {
                let message = format!(
                    "A malformed role declaration was encountered: ds ({}) should be a list but \
                     was a {}",
                    shown(other),
                    class(other)
                );
                let error = Error::invalid(message, fields.span.clone());
                self.errors.push(error.with_hint("Write `roles:` as a list: `- name`."));
                Vec::new()
            }
        }
    }

    fn dependencies(&mut self, fields: Fields<'_>) -> Vec<RoleUse> {
        match fields.get("dependencies") {
            None => Vec::new(),
            Some((_, list @ Value::List(items))) => {
                (0..items.len()).filter_map(|index| self.role_use(list, index, fields)).collect()
            }
            Some(_) => {
                self.invalid("Expected role dependencies to be a list.", fields.span.clone());
                Vec::new()
            }
        }
    }

    fn role_use(&mut self, list: &Value, index: usize, outer: Fields<'_>) -> Option<RoleUse> {
        let item = list.as_list()?.get(index)?;
        let place = self.places.of_item(list, index);
        let span = place.unwrap_or_else(|| outer.span.clone());
        match item {
            Value::Str(text) if text.contains(',') && !text.is_template() => {
                let message = format!("Invalid old style role requirement: {text}");
                self.errors.push(Error::general(message, span));
                None
            }
            Value::Str(_) => Some(RoleUse {
                span: span.clone(),
                name: Template::new(item.clone(), Some(span)),
                keywords: Keywords::default(),
                params: Dict::new(),
                from: RoleFrom::default(),
            }),
            Value::Dict(dict) => {
                self.role_mapping(Fields { dict, owner: "RoleInclude", span: &span })
            }
            _ => {
                let error = Error::invalid("Invalid role definition.", span);
                self.errors.push(error.with_hint("A role is its name, or a mapping with `role:`."));
                None
            }
        }
    }

    fn role_mapping(&mut self, fields: Fields<'_>) -> Option<RoleUse> {
        // Requirements in galaxy's form name the role by its source.
        let name = ["role", "name", "src"]
            .iter()
            .find_map(|key| fields.get(key).map(|(_, value)| value))
            .filter(|name| matches!(name, Value::Str(text) if !text.is_empty()));
        let mut keywords = self.keywords(fields);
        keywords.name = None;
        let Some(name) = name else {
            let message = "role definitions must contain a role name";
            let error = Error::general(message, fields.span.clone());
            self.errors.push(error.with_hint("Name it: `- role: NAME`."));
            return None;
        };
        let is_param = |key: &str| key != "role" && !is_keyword(key, Place::ROLE);
        let params = fields
            .dict
            .iter()
            .filter(|(key, _)| key.as_str().is_none_or(is_param))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        Some(RoleUse {
            span: fields.span.clone(),
            name: Template::new(name.clone(), None),
            keywords,
            params,
            from: RoleFrom::default(),
        })
    }
}
