//! `ansible._protomatter.debug`: expressions with what can't be told of them as marks, which
//! ansible-core has for its own tests (case `protomatter`).

use nafal_base::{Dict, List, Outcome, Text, Value};

use crate::arguments::Arguments;
use crate::context::ActionContext;
use crate::effect::Performed;

/// Stock's name of itself in what it refuses.
const NAME: &str = "ansible_collections.ansible._protomatter.plugins.action.debug";

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    let args = Arguments::check(NAME, args, &["expression"])?;
    let given: Vec<Value> = match args.get("expression") {
        None => return Err(Performed::refused("missing required arguments: expression")),
        Some(Value::List(items)) => items.to_vec(),
        Some(other) => vec![other.clone()],
    };
    let text = |value: &Value| match value {
        Value::Str(text) => text.clone(),
        other => Text::new(other.to_text().into_owned()),
    };
    let expressions: Vec<Text> = given.iter().map(text).collect();
    let (values, warnings) = context.renderer.expressions_marked(&expressions);
    let texts: List =
        warnings.iter().map(|warning| Value::from(warning.message.as_str())).collect();
    warnings.into_iter().for_each(|warning| context.effects.tell(warning));
    let outcome =
        Outcome::ok().with("expression_result", values).with("_ansible_verbose_always", true);
    Ok(if texts.is_empty() { outcome } else { outcome.with("warnings", Value::List(texts)) }.into())
}
