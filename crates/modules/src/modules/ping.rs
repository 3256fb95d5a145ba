//! `ping`: answers. Must not know how it was reached.

use nafal_base::Outcome;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module =
    Module { spec: Spec::new("ping", &[Argument::text("data").or_text("pong")]), run };

fn run(args: &Arguments, _ctx: &Ctx) -> Result<Outcome> {
    match args.text("data").unwrap_or_default() {
        // A documented way to see how a module's crash is shown.
        "crash" => Err(Failure::raised(["boom"])),
        data => Ok(Outcome::ok().with("ping", data)),
    }
}

#[cfg(test)]
mod tests {
    use nafal_base::Dict;

    use nafal_base::Value;

    use super::*;

    #[test]
    fn answers() {
        let ctx = Ctx::plain("ping", Default::default());
        assert_eq!(MODULE.run(&Dict::new(), &ctx).text("ping"), Some("pong"));
        let args: Dict = [("data", "crash".into())].into_iter().collect();
        assert_eq!(MODULE.run(&args, &ctx).take_raised(), Some(Value::from(vec!["boom"])));
    }
}
