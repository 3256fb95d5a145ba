//! The variables and defaults of roles: which files count, and what is told of those that hold something else.
//! Must not know which roles there are.

use std::path::Path;

use nafal_base::{Diagnostic, Dict, Span};
use nafal_graph::Error;

use crate::library::{Files, parse_error};

impl Files {
    /// What this part of a role says.
    pub(crate) fn role_variables(
        &self,
        (name, folder): (&str, &Path),
        part: &str,
        from: Option<&str>,
        span: &Span,
    ) -> Result<Dict, Error> {
        let fault = |errors: &[nafal_parser::Error]| match errors {
            // Whatever the file is called (case `bad-role-variables`).
            [nafal_parser::Error::NotVariables { span }] => {
                let told = format!(
                    "The {part}/main.yml file for role '{name}' must contain a dictionary of variables"
                );
                Error::Parse(vec![Diagnostic::error(told).at(span.clone())])
            }
            errors => parse_error(errors),
        };
        let read = |path: &Path| self.variables_told(path, Some(span), &fault);
        if let Some(path) = Self::own_file((name, folder), part, from, span)? {
            return read(&path);
        }
        // Where there is no file, a folder counts with all that is in it (case `role-variable-folders`).
        let inner = folder.join(part).join(from.unwrap_or("main"));
        let mut all = Dict::new();
        for path in nafal_inventory::variables_files(&inner) {
            let vars = read(&path)?;
            self.settings.variables.rules.hashes.lay_over(&mut all, &vars);
        }
        Ok(all)
    }
}
