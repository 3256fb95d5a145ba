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
