//! `json_query` of community.general.

use nafal_base::Value;

use crate::arguments::{Signature, fail, settled, text};
use crate::context::Context;
use crate::error::Error;
use crate::jmespath::{Fault, search};
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};

/// The filters.
pub const FILTERS: &[Filter] = &[Filter {
    names: &["json_query", "community.general.json_query"],
    undefined: OnUndefined::PassOn,
    members: OnMembers::Render,
    doc: "what a JMESPath expression finds in the value",
    run: json_query,
}];

fn json_query(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [expression] = Signature::filter("json_query", ["expr"], 1).bind(args)?;
    settled(value)?;
    search(&text(expression.unwrap_or(&Value::None))?, value).or_else(|fault| match fault {
        Fault::Path(why) => fail(format!("JMESPathError in json_query filter plugin:\n{why}")),
        Fault::Python(why) => {
            fail(format!("Error in jmespath.search in json_query filter plugin:\n{why}"))
        }
    })
}
