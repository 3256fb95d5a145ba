//! How keywords go down from play to block to task: lists grow, the nearest single value counts.

use nafal_base::{Template, Value};
use nafal_parser::playbook::ast::Keywords;

fn append(outer: &[Value], inner: &[Value]) -> Vec<Value> {
    let mut all = outer.to_vec();
    all.extend_from_slice(inner);
    all
}

/// A template may give `omit`, and then what it is in counts: a task in check mode, or whose result
/// is hidden, must stay so (case `omit-keywords-inherited`).
fn nearest<T>(outer: Option<&Template<T>>, inner: Option<&Template<T>>) -> Option<Template<T>> {
    match (inner, outer) {
        (Some(inner), Some(outer)) if inner.is_dynamic() => Some(inner.within(outer)),
        (Some(inner), _) => Some(inner.clone()),
        (None, outer) => outer.cloned(),
    }
}

/// What `inner` has together with what it inherits from `outer`. `name` and `vars` are inner's
/// own: names aren't inherited and variables are layers.
pub fn inherit(outer: &Keywords, inner: &Keywords) -> Keywords {
    macro_rules! nearest {
        ($($field:ident),* $(,)?) => {
            Keywords {
                name: inner.name.clone(),
                vars: inner.vars.clone(),
                when: append(&outer.when, &inner.when),
                odd_conditions: {
                    let whens = outer.odd_conditions.iter().filter(|(name, _)| *name == "when");
                    whens.chain(&inner.odd_conditions).cloned().collect()
                },
                tags: append(&outer.tags, &inner.tags),
                environment: append(&outer.environment, &inner.environment),
                module_defaults: append(&outer.module_defaults, &inner.module_defaults),
                collections: if inner.collections.is_empty() {
                    outer.collections.clone()
                } else {
                    inner.collections.clone()
                },
                $($field: nearest(outer.$field.as_ref(), inner.$field.as_ref()),)*
            }
        };
    }
    nearest!(
        r#become,
        become_user,
        become_method,
        become_flags,
        become_exe,
        connection,
        port,
        remote_user,
        no_log,
        ignore_errors,
        ignore_unreachable,
        check_mode,
        diff,
        any_errors_fatal,
        run_once,
        throttle,
        timeout,
        debugger,
        delegate_to,
        delegate_facts,
    )
}

/// The list of what is innermost: one that says nothing takes the one around (case
/// `include-apply-notify`).
pub(crate) fn strongest(outer: &[Value], own: &[Value]) -> Vec<Value> {
    if own.is_empty() { outer.to_vec() } else { own.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_grow_and_the_nearest_counts() {
        let outer = Keywords {
            when: vec![Value::from("a")],
            r#become: Some(Template::new(Value::Bool(true), None)),
            name: Some(Template::new(Value::from("outer"), None)),
            ..Keywords::default()
        };
        let inner = Keywords {
            when: vec![Value::from("b")],
            r#become: Some(Template::new(Value::Bool(false), None)),
            ..Keywords::default()
        };
        let both = inherit(&outer, &inner);
        assert_eq!(both.when, [Value::from("a"), Value::from("b")]);
        assert_eq!(both.r#become.map(|t| t.source), Some(Value::Bool(false)));
        assert!(both.name.is_none());
    }
}
