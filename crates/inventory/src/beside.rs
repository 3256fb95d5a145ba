//! The files of variables beside inventories and playbooks: which folders count, and when they are
//! read (stock has a plugin for that, `host_group_vars`). Must not know what is in them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::data::{Data, GroupId, HostId, Inventory};
use crate::error::Error;
use crate::group_set::Cache;

/// When they are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// When somebody asks for variables.
    #[default]
    Demand,
    /// With the inventory, and when it is shown (`run_vars_plugins = start`).
    Start,
    /// With the inventory and when somebody asks (`stage = all`).
    All,
    /// When a task asks; an inventory is shown without them.
    Task,
    /// With the inventory alone, which has no playbook yet.
    Inventory,
    /// Not at all.
    Never,
}

/// Whether they are read when somebody asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OnDemand {
    #[default]
    Read,
    Left,
}

impl Stage {
    fn is_with_inventory(self) -> bool {
        matches!(self, Stage::Start | Stage::All | Stage::Inventory)
    }

    /// For tasks.
    pub(crate) fn for_tasks(self) -> OnDemand {
        match self {
            Stage::Demand | Stage::All | Stage::Task => OnDemand::Read,
            Stage::Start | Stage::Inventory | Stage::Never => OnDemand::Left,
        }
    }

    /// For who shows an inventory, or builds it from what it has.
    pub(crate) fn for_inventory(self) -> OnDemand {
        match self {
            Stage::Demand | Stage::All | Stage::Start => OnDemand::Read,
            Stage::Task | Stage::Inventory | Stage::Never => OnDemand::Left,
        }
    }
}

impl Inventory {
    /// Where the playbook is: its `group_vars/` and `host_vars/` count from now on.
    pub fn set_playbook_dir(&mut self, folder: &Path) {
        if self.0.playbook_folders != [folder] {
            let data = Arc::make_mut(&mut self.0);
            data.playbook_folders = vec![folder.to_owned()];
            data.cache = Cache::with_secrets(&data.cache.files.secrets);
        }
    }

    /// Where the playbook is, once that is known.
    pub fn playbook_dir(&self) -> Option<&Path> {
        self.0.playbook_folders.first().map(PathBuf::as_path)
    }

    /// The same hosts, where files in these folders count as those beside the playbook do here.
    #[must_use]
    pub fn beside(&self, folders: &[PathBuf]) -> Inventory {
        if self.0.playbook_folders == folders {
            return self.clone();
        }
        let data = Data {
            playbook_folders: folders.to_vec(),
            cache: self.0.cache.renewed(),
            ..(*self.0).clone()
        };
        Inventory(Arc::new(data))
    }

    /// The same where variables are for tasks. What is read with an inventory is read now and becomes its
    /// sources': weaker than it is where somebody asks for it.
    pub fn for_tasks(mut self) -> Result<Inventory, Error> {
        let stage = self.0.rules.stage;
        if stage.is_with_inventory() {
            Arc::make_mut(&mut self.0).take_files()?;
        }
        Ok(self.asked(stage.for_tasks()))
    }

    /// The same where variables are to be shown.
    #[must_use]
    pub fn shown(&self) -> Inventory {
        self.clone().asked(self.0.rules.stage.for_inventory())
    }

    fn asked(mut self, on_demand: OnDemand) -> Inventory {
        if self.0.on_demand != on_demand {
            let data = Arc::make_mut(&mut self.0);
            data.on_demand = on_demand;
            data.cache = data.cache.renewed();
        }
        self
    }
}

impl Data {
    fn take_files(&mut self) -> Result<(), Error> {
        let (hashes, folders) = (self.rules.hashes, self.folders.clone());
        self.on_demand = OnDemand::Read;
        for folder in &folders {
            for index in 0..u32::try_from(self.groups.len()).unwrap_or(u32::MAX) {
                let id = GroupId(index);
                for vars in self.files_of(folder, "group_vars", &self.group(id).name)? {
                    hashes.lay_over(&mut self.group_mut(id).vars, &vars);
                }
            }
            for index in 0..u32::try_from(self.hosts.len()).unwrap_or(u32::MAX) {
                let id = HostId(index);
                for vars in self.files_of(folder, "host_vars", self.host(id).name.as_str())? {
                    hashes.lay_over(&mut self.host_mut(id).vars, &vars);
                }
            }
        }
        self.cache = self.cache.renewed();
        Ok(())
    }
}
