//! OpenRC: `rc-status` knows states, `rc-update` runlevels. Must not know other managers.

use std::collections::{BTreeMap, HashMap};

use nafal_base::Value;

use super::run::{OpenRc, Services};
use crate::ctx::Ctx;
use crate::files::Result;

/// Adds its services, where it is.
pub fn add(ctx: &Ctx, services: &mut Services) -> Result<OpenRc> {
    let tools = (ctx.find_tool("rc-status"), ctx.find_tool("rc-update"));
    let (Some(status), Some(update)) = tools else { return Ok(OpenRc::Absent) };
    if ctx.find_tool("chkconfig").is_some() {
        return Ok(OpenRc::Absent);
    }
    let states = ctx.run_tool(&status, &["-a", "-s", "-m"])?;
    let levels = ctx.run_tool(&update, &["show", "-v"])?;
    let levels = runlevels(&levels.stdout);
    for (name, state) in in_states(&states.stdout) {
        let Some(levels) = levels.get(name) else {
            ctx.warn(format!("Service {name} not found in the service list"));
            continue;
        };
        let levels: Vec<Value> = levels.iter().map(|level| Value::from(*level)).collect();
        services.add(name, "openrc", [("state", state.into()), ("runlevels", levels.into())]);
    }
    Ok(OpenRc::Present)
}

/// ` sshd     [  started 01:02:03 (0) ]`, in the order of the names.
fn in_states(text: &str) -> BTreeMap<&str, &str> {
    text.lines()
        .filter(|line| line.starts_with(' '))
        .filter_map(|line| {
            let (name, state) = line.split_once('[')?;
            let state = state.split_whitespace().next()?;
            Some((name.trim(), state.trim_end_matches(']')))
        })
        .collect()
}

/// `   local | default nonetwork`; services of no runlevel are left out.
fn runlevels(text: &str) -> HashMap<&str, Vec<&str>> {
    text.lines()
        .filter_map(|line| line.split_once('|'))
        .map(|(name, levels)| (name.trim(), levels.split_whitespace().collect::<Vec<_>>()))
        .filter(|(_, levels)| !levels.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tables() {
        let states =
            in_states("Runlevel: default\n sshd   [  crashed  ]\n local [ started 01:02 (0) ]\n");
        assert_eq!(
            states.into_iter().collect::<Vec<_>>(),
            [("local", "started"), ("sshd", "crashed")]
        );
        let levels = runlevels("   local | default nonetwork\n   other |\n");
        assert_eq!((levels.len(), levels["local"].len()), (1, 2));
    }
}
