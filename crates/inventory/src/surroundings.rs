//! What inventory plugins need that is not an inventory's: templates rendered, and facts that earlier
//! runs left. Whoever loads an inventory gives both; nothing here knows how they come about.

use std::fmt;

use nafal_base::{Diagnostic, Dict, HostName, Text, Value};

/// Renders what plugins are configured with.
pub trait Templates: fmt::Debug + Send + Sync {
    /// The value of an expression.
    fn expression(&self, text: &Text, vars: &Dict) -> Result<Value, Diagnostic>;

    /// Whether a condition holds.
    fn condition(&self, text: &Value, vars: &Dict) -> Result<bool, Diagnostic>;

    /// A value with all templates in it rendered.
    fn render(&self, value: &Value, vars: &Dict) -> Result<Value, Diagnostic>;
}

/// Facts that earlier runs left.
pub trait Facts: fmt::Debug + Send + Sync {
    /// Those of a host, as variables.
    fn of(&self, host: &HostName) -> Dict;
}
