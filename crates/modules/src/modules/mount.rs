//! `ansible.posix.mount`: a file system is in fstab, is mounted, or isn't.

mod fstab;
mod place;
mod tools;

use std::path::PathBuf;

use nafal_base::{Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_bytes;
use crate::files::{Content, Failure, Result, backup, paths, staged};
use crate::registry::{HIDDEN, Module};
use crate::spec::{Argument, Count, RequiredIf, Spec};

use fstab::{Entry, Fstab};
use place::{NewFolders, Place};
use tools::{Again, Tools};

const fn needs(value: &'static str, needs: &'static [&'static str]) -> RequiredIf {
    RequiredIf { argument: "state", value, needs, count: Count::All }
}

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        required_if: &[
            needs("mounted", &["src", "fstype"]),
            needs("present", &["src", "fstype"]),
            needs("ephemeral", &["src", "fstype"]),
        ],
        ..Spec::new(
            "ansible.posix.mount",
            &[
                Argument::flag("boot", true),
                Argument::text("dump").or_text("0"),
                Argument::text("fstab"),
                Argument::text("fstype"),
                Argument::path("path").required().aliases(&["name"]),
                Argument::text("opts"),
                Argument::flag("opts_no_log", false),
                Argument::text("passno").or_text("0"),
                Argument::path("src"),
                Argument::flag("backup", false),
                Argument::text("state").required().choices(&[
                    "absent",
                    "absent_from_fstab",
                    "mounted",
                    "present",
                    "unmounted",
                    "remounted",
                    "ephemeral",
                ]),
            ],
        )
    },
    run,
};

/// Where the system itself looks for what it mounts.
const SYSTEM_FSTAB: &str = "/etc/fstab";

/// One run of the module.
struct Run<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    entry: Entry,
    fstab: &'a str,
    backup: String,
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let given = args.text("opts");
    let options = match (given, args.is("boot")) {
        (Some(options), true) => options.to_owned(),
        (None, true) => "defaults".to_owned(),
        (options, false) => format!("{},noauto", options.unwrap_or("defaults")),
    };
    let text = |name: &str| args.text(name).map(str::to_owned);
    let entry = Entry {
        source: text("src"),
        place: args.required_text("path").to_owned(),
        kind: text("fstype"),
        options,
        dump: args.required_text("dump").to_owned(),
        pass: args.required_text("passno").to_owned(),
    };
    let fstab = args.text("fstab").unwrap_or(SYSTEM_FSTAB);
    let mut run = Run { args, ctx, entry, fstab, backup: String::new() };
    if !ctx.is_check() && !run.fstab_file().exists() {
        run.write(&[])?;
    }
    let changed = match args.required_text("state") {
        "absent" => run.absent()?,
        "absent_from_fstab" => run.edit(Fstab::unset)?,
        "unmounted" => run.unmounted()?,
        "mounted" => run.mounted()?,
        "present" => run.edit(Fstab::set)?,
        "remounted" => run.remounted()?,
        _ => run.ephemeral()?,
    };
    Ok(run.outcome().changed_if(changed))
}

impl Run<'_> {
    fn outcome(&self) -> Outcome {
        let entry = &self.entry;
        let options = if self.args.is("opts_no_log") { HIDDEN } else { entry.options.as_str() };
        let mut outcome = Outcome::ok()
            .with("name", entry.place.as_str())
            .with("opts", options)
            .with("dump", entry.dump.as_str())
            .with("passno", entry.pass.as_str())
            .with("fstab", self.fstab)
            .with("boot", if self.args.is("boot") { "yes" } else { "no" })
            .with("backup_file", self.backup.as_str());
        for (key, value) in [("src", &entry.source), ("fstype", &entry.kind)] {
            if let Some(value) = value {
                outcome.values.insert(key, Value::from(value.as_str()));
            }
        }
        outcome
    }

    fn place(&self) -> Place<'_> {
        Place { shown: &self.entry.place, real: self.ctx.resolve(&self.entry.place) }
    }

    fn tools(&self) -> Tools<'_> {
        let is_own = self.fstab != SYSTEM_FSTAB;
        Tools { ctx: self.ctx, entry: &self.entry, fstab: is_own.then_some(self.fstab) }
    }

    fn fstab_file(&self) -> PathBuf {
        self.ctx.resolve(self.fstab)
    }

    /// Changes the file; says whether that was necessary.
    fn edit(&mut self, change: fn(&mut Fstab, &Entry) -> bool) -> Result<bool> {
        let file = self.fstab_file();
        let bytes = std::fs::read(&file).unwrap_or_default();
        let mut fstab = Fstab::read(&String::from_utf8_lossy(&bytes));
        let changed = change(&mut fstab, &self.entry);
        if changed && !self.ctx.is_check() {
            if self.args.is("backup") {
                self.backup = backup::backup(&file)?.unwrap_or_default();
            }
            self.write(fstab.text().as_bytes())?;
        }
        Ok(changed)
    }

    fn write(&self, text: &[u8]) -> Result<()> {
        let folder = self.ctx.resolve(paths::folder_of(self.fstab));
        if !folder.exists() {
            std::fs::create_dir_all(&folder).map_err(|error| {
                Failure::raised([errno_bytes(&error, paths::folder_of(self.fstab))])
            })?;
        }
        let real = paths::real_path(&self.fstab_file());
        Ok(staged::write(&real, Content::Bytes(text), &self.ctx.plain_options())?)
    }

    fn absent(&mut self) -> Result<bool> {
        let changed = self.edit(Fstab::unset)?;
        if changed && !self.ctx.is_check() {
            let place = self.place();
            if place.is_mounted(None) {
                self.tools().unmount().map_err(|why| self.failed("unmounting", &why))?;
            }
            if place.real.exists() {
                place.remove()?;
            }
        }
        Ok(changed)
    }

    fn unmounted(&mut self) -> Result<bool> {
        if !self.place().is_mounted(self.entry.source.as_deref()) {
            return Ok(false);
        }
        if !self.ctx.is_check() {
            self.tools().unmount().map_err(|why| self.failed("unmounting", &why))?;
        }
        Ok(true)
    }

    fn mounted(&mut self) -> Result<bool> {
        let new = self.make_place()?;
        let before = std::fs::read(self.fstab_file()).ok();
        let changed = self.edit(Fstab::set)?;
        let is_mounted = self.place().is_mounted(self.entry.source.as_deref());
        if is_mounted && !changed {
            return Ok(false);
        }
        if self.ctx.is_check() {
            return Ok(true);
        }
        let tools = self.tools();
        let done = if is_mounted { tools.remount_or_anew() } else { tools.mount() };
        if let Err(why) = done {
            new.remove();
            if changed {
                self.restore(before.as_deref())?;
            }
            return Err(self.failed("mounting", &why));
        }
        Ok(true)
    }

    /// What couldn't be mounted isn't in the file either.
    fn restore(&self, before: Option<&[u8]>) -> Result<()> {
        match before {
            Some(before) => self.write(before),
            None => Ok(()),
        }
    }

    fn remounted(&mut self) -> Result<bool> {
        if self.ctx.is_check() {
            return Ok(true);
        }
        let options = self.args.text("opts");
        let tools = self.tools();
        if options.is_some() {
            tools.remount(options).map_err(|_| {
                Failure::new(
                    "Options were specified with remounted, but the remount command failed. Failing in order to prevent an unexpected mount result. Try replacing this command with a \"state: unmounted\" followed by a \"state: mounted\" using the full desired mount options instead.",
                )
            })?;
        } else {
            tools.remount_or_anew().map_err(|why| self.failed("remounting", &why))?;
        }
        Ok(true)
    }

    fn ephemeral(&mut self) -> Result<bool> {
        let new = self.make_place()?;
        if self.ctx.is_check() {
            return Ok(true);
        }
        let place = self.place();
        let is_bound = place.is_in_table(self.entry.source.as_deref());
        let tools = self.tools();
        if place.is_mount_point() && tools.source_of(place.shown)? != self.entry.source {
            return Err(Failure::new(
                "Ephemeral mount point is already mounted with a different source than the specified one. Failing in order to prevent an unwanted unmount or override operation. Try replacing this command with a \"state: unmounted\" followed by a \"state: ephemeral\", or use a different destination path.",
            ));
        }
        let again = match is_bound || place.is_mount_point() {
            true => Again::Yes,
            false => Again::No,
        };
        if let Err(why) = tools.mount_as_given(again, self.args.text("opts")) {
            new.remove();
            return Err(self.failed("mounting", &why));
        }
        Ok(true)
    }

    fn make_place(&self) -> Result<NewFolders> {
        match self.ctx.is_check() {
            true => Ok(NewFolders::default()),
            false => self.place().make(),
        }
    }

    fn failed(&self, what: &str, why: &str) -> Failure {
        Failure::new(format!("Error {what} {}: {why}", self.entry.place))
    }
}
