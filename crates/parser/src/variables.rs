//! Files of variables: one dict, in YAML or JSON. Must not know which layer they are for.

use std::sync::Arc;

use nafal_base::{Diagnostic, Dict, Source, Value};

use crate::error::Error;
use crate::yaml;

/// The variables that a file gives. An empty file gives none.
pub fn load_variables(source: &Arc<Source>) -> Result<(Dict, Vec<Diagnostic>), Vec<Error>> {
    let (document, warnings) = yaml::load_data(source)?;
    let Some(document) = document else {
        return Ok((Dict::new(), warnings));
    };
    match document.value {
        Value::Dict(dict) => Ok((dict, warnings)),
        Value::None => Ok((Dict::new(), warnings)),
        _ => Err(vec![Error::NotVariables { span: document.span }]),
    }
}

/// The variables of an entry of `vars_files`, which may be a list of mappings too: later ones
/// count more.
pub fn load_vars_file(source: &Arc<Source>) -> Result<(Dict, Vec<Diagnostic>), Vec<Error>> {
    let (document, warnings) = yaml::load_one(source)?;
    let Some(document) = document else {
        return Ok((Dict::new(), warnings));
    };
    let mut all = Dict::new();
    match &document.value {
        Value::Dict(dict) => return Ok((dict.clone(), warnings)),
        Value::None => {}
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let Value::Dict(dict) = item else {
                    let span = document.places.of_item(&document.value, index);
                    return Err(vec![Error::NotVariables { span: span.unwrap_or(document.span) }]);
                };
                all.lay_over(dict);
            }
        }
        _ => return Err(vec![Error::NotVariables { span: document.span }]),
    }
    Ok((all, warnings))
}
