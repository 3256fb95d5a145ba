//! What magic variables tell of the run and the play. Immutable: who changes it makes another.

use std::sync::Arc;

use nafal_base::event::Mode;
use nafal_base::{Dict, HostName, List, Text, Value};

use crate::play_files::PlayFiles;

/// What is the same for the whole run.
#[derive(Clone, Debug, Default)]
pub struct RunContext {
    /// `ansible_check_mode` of the command line.
    pub mode: Mode,
    /// `ansible_diff_mode`.
    pub diff: bool,
    /// `ansible_forks`.
    pub forks: u32,
    /// `ansible_verbosity`.
    pub verbosity: u8,
    /// `ansible_run_tags`; not defined when None, as in runs without a playbook.
    pub run_tags: Option<Vec<String>>,
    /// `ansible_skip_tags`, in the same way.
    pub skip_tags: Option<Vec<String>>,
    /// `ansible_limit`; not defined when None.
    pub limit: Option<String>,
    /// `ansible_inventory_sources`.
    pub inventory_sources: Vec<String>,
    /// `ansible_config_file`.
    pub config_file: Option<String>,
    /// `ansible_playbook_python`.
    pub playbook_python: String,
    /// `playbook_dir`.
    pub playbook_dir: String,
}

impl RunContext {
    /// `ansible_version`: the version whose behaviour this is.
    pub fn version() -> Dict {
        [
            ("string", Value::from(nafal_base::reference::VERSION)),
            ("full", Value::from(nafal_base::reference::VERSION)),
            ("major", Value::from(2)),
            ("minor", Value::from(21)),
            ("revision", Value::from(5)),
        ]
        .into_iter()
        .collect()
    }
}

/// What is the same for all tasks of a play, until a host drops out.
#[derive(Clone, Debug, Default)]
pub struct PlayContext {
    /// The run's.
    pub run: Arc<RunContext>,
    /// The run's, ready to be handed out.
    pub(crate) settled: Dict,
    /// `ansible_play_name`.
    pub name: Option<Text>,
    /// `ansible_play_hosts_all`.
    pub all_hosts: List,
    /// `ansible_play_hosts`: of this batch and those before it, the ones still there.
    pub hosts: List,
    /// `ansible_play_batch`.
    pub batch: List,
    /// `ansible_play_role_names`: the play's own roles.
    pub role_names: List,
    /// `ansible_dependent_role_names`: those that they depend on.
    pub dependent_role_names: List,
    /// `ansible_role_names`: both.
    pub all_role_names: List,
    /// Its `vars_files`; None when it has none.
    pub files: Option<Arc<dyn PlayFiles>>,
}

impl PlayContext {
    /// A context of this run, without a play yet.
    pub fn new(run: Arc<RunContext>) -> PlayContext {
        let settled = settled(&run);
        PlayContext { run, settled, ..PlayContext::default() }
    }

    /// Adds roles that the play uses, each with those that it depends on. The play's are listed as
    /// often as they are used (case `role-dependencies`).
    pub fn add_roles<'a>(&mut self, roles: impl IntoIterator<Item = (&'a str, &'a [String])>) {
        let add = |list: &mut List, name: &str| {
            if !list.iter().any(|known| known.as_str() == Some(name)) {
                list.push(Value::from(name));
            }
        };
        for (name, dependencies) in roles {
            self.role_names.push(Value::from(name));
            add(&mut self.all_role_names, name);
            for dependency in dependencies {
                add(&mut self.dependent_role_names, dependency);
                add(&mut self.all_role_names, dependency);
            }
        }
    }

    /// Hosts as magic variables list them.
    pub fn list<'a>(hosts: impl IntoIterator<Item = &'a HostName>) -> List {
        hosts.into_iter().map(|host| Value::from(host.as_str())).collect()
    }
}

/// The run's magic variables. `hostvars[h]` knows them too.
fn settled(run: &RunContext) -> Dict {
    let texts = |texts: &[String]| -> Value {
        Value::List(texts.iter().map(|text| Value::from(text.as_str())).collect())
    };
    let mut vars = Dict::new();
    vars.insert("playbook_dir", Value::from(run.playbook_dir.as_str()));
    vars.insert("ansible_playbook_python", Value::from(run.playbook_python.as_str()));
    vars.insert("ansible_config_file", Value::from(run.config_file.clone()));
    vars.insert("ansible_version", Value::Dict(RunContext::version()));
    vars.insert("ansible_check_mode", Value::Bool(run.mode == Mode::Check));
    vars.insert("ansible_diff_mode", Value::Bool(run.diff));
    vars.insert("ansible_forks", Value::from(run.forks));
    vars.insert("ansible_inventory_sources", texts(&run.inventory_sources));
    if let Some(tags) = &run.skip_tags {
        vars.insert("ansible_skip_tags", texts(tags));
    }
    if let Some(limit) = &run.limit {
        vars.insert("ansible_limit", Value::from(limit.as_str()));
    }
    if let Some(tags) = &run.run_tags {
        vars.insert("ansible_run_tags", texts(tags));
    }
    vars.insert("ansible_verbosity", Value::from(run.verbosity));
    vars
}
