//! Arguments against a spec that is data (`argument_specs` of roles, `validate_argument_spec`):
//! every fault is told, in stock's order. Must not know where the spec comes from.

mod check;
mod convert;
mod rules;

pub(crate) use check::faults;
