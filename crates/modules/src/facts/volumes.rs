//! Logical volumes, as far as LVM's commands are there.

use nafal_base::{Dict, Value};

use super::environment::single;
use crate::files::tools;

/// `lvm`: groups, volumes and the disks that they are on; "N/A" without its commands or rights.
pub fn volumes() -> Dict {
    let is_root = rustix::process::getuid().is_root();
    if !is_root || tools::find("vgs").is_none() {
        return single("lvm", "N/A");
    }
    let groups = table("vgs", |fields| {
        let [name, disks, volumes, _, _, size, free] = fields[..] else { return None };
        let facts = [("size_g", size), ("free_g", free), ("num_lvs", volumes), ("num_pvs", disks)];
        Some((name.to_owned(), texts(&facts)))
    });
    let volumes = table("lvs", |fields| {
        let (name, group, size) = (fields.first()?, fields.get(1)?, fields.get(3)?);
        Some(((*name).to_owned(), texts(&[("size_g", size), ("vg", group)])))
    });
    let disks = table("pvs", |fields| {
        let [name, group, _, _, size, free] = fields[..] else { return None };
        Some((name.to_owned(), texts(&[("size_g", size), ("free_g", free), ("vg", group)])))
    });
    let lvm: Dict = [("lvs", Value::Dict(volumes)), ("vgs", groups.into()), ("pvs", disks.into())]
        .into_iter()
        .collect();
    single("lvm", lvm)
}

fn texts(facts: &[(&str, &str)]) -> Value {
    Value::Dict(facts.iter().map(|(key, value)| (*key, Value::from(*value))).collect())
}

fn table(command: &str, read: impl Fn(&[&str]) -> Option<(String, Value)>) -> Dict {
    let args = ["--noheadings", "--nosuffix", "--units", "g", "--separator", ","];
    let Some(gave) = tools::run(command, &args).filter(|gave| gave.code == 0) else {
        return Dict::new();
    };
    let lines = gave.stdout.lines().map(|line| line.trim().split(',').collect::<Vec<_>>());
    lines.filter_map(|fields| read(&fields)).collect()
}
