//! What `import_role` and `include_role` say of a role beside its name.

use nafal_base::{Diagnostic, Dict};
use nafal_parser::playbook::ast::RoleFrom;
use nafal_templating::FromValue;

use crate::error::Error;

/// Whether a role's arguments are looked at (`rolespec_validate`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Validation {
    /// As stock does.
    #[default]
    On,
    /// Somebody said no.
    Off,
}

/// Whether a role may run again with the same parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Duplicates {
    /// As its `meta` says.
    #[default]
    AsMeta,
    /// It may.
    Allowed,
    /// It may not.
    Refused,
}

/// Who sees a role's defaults and vars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    /// Its own tasks.
    #[default]
    Private,
    /// The play's later tasks too.
    Public,
}

/// All of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RoleOptions {
    pub validation: Validation,
    pub duplicates: Duplicates,
    pub visibility: Visibility,
}

/// The arguments that are flags: stock words a wrong one as a keyword's fault (case `role-vars-private`).
pub const ROLE_FLAGS: [&str; 3] = ["public", "allow_duplicates", "rolespec_validate"];

fn flag(args: &Dict, key: &str) -> Result<Option<bool>, Error> {
    let Some(value) = args.get(key).filter(|value| !value.is_none()) else { return Ok(None) };
    bool::from_value(value.clone()).map(Some).map_err(|error| {
        let place = value.span().cloned();
        let told = Diagnostic::error(format!("Error processing keyword '{key}'"))
            .at(place.clone())
            .caused_by(error.message(), place);
        Error::Template(Box::new(told))
    })
}

impl RoleOptions {
    /// From rendered arguments; `visibility` is that of roles that don't say who sees them.
    pub(super) fn of(args: &Dict, visibility: Visibility) -> Result<RoleOptions, Error> {
        let validation = match flag(args, "rolespec_validate")? {
            Some(false) => Validation::Off,
            _ => Validation::On,
        };
        let duplicates = match flag(args, "allow_duplicates")? {
            Some(false) => Duplicates::Refused,
            _ => Duplicates::Allowed,
        };
        let visibility = match flag(args, "public")? {
            Some(true) => Visibility::Public,
            Some(false) => Visibility::Private,
            None => visibility,
        };
        Ok(RoleOptions { validation, duplicates, visibility })
    }
}

/// Which files of the role are meant.
pub(super) fn role_from(args: &Dict) -> RoleFrom {
    let text = |key: &str| args.get(key).filter(|v| !v.is_none()).map(|v| v.to_text().into_owned());
    RoleFrom {
        tasks: text("tasks_from"),
        handlers: text("handlers_from"),
        vars: text("vars_from"),
        defaults: text("defaults_from"),
    }
}
