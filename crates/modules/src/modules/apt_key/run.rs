//! Whether the key is there, what is done about it, and the result. Must not know the tools.

use nafal_base::{Outcome, Value};

use super::identifier::Identifier;
use super::keys::{Keys, Source, download};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        mutually_exclusive: &[&["data", "file", "keyserver", "url"]],
        ..Spec::new(
            "apt_key",
            &[
                Argument::text("data"),
                Argument::path("file"),
                Argument::text("id"),
                Argument::path("keyring"),
                Argument::text("keyserver"),
                Argument::text("state").or_text("present").choices(&["absent", "present"]),
                Argument::text("url"),
                Argument::flag("validate_certs", true),
            ],
        )
        .until("2.25", "Use deb822_repository instead.")
    },
    run,
};

/// A run of the module.
struct Run<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    keys: Keys<'a>,
    id: Identifier,
    /// What was downloaded to learn the number.
    downloaded: Option<Vec<u8>>,
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let keys = Keys::new(args, ctx)?;
    let mut downloaded = None;
    let given = match args.text("id").filter(|id| !id.is_empty()) {
        Some(id) => Some(id.to_owned()),
        None => number(args, ctx, &keys, &mut downloaded)?,
    };
    let shown = given.as_deref().map(Value::from).unwrap_or_default();
    let Some(id) = given.as_deref().and_then(Identifier::read) else {
        return Err(Failure::new("Invalid key_id").with("id", shown));
    };
    let told = Outcome::ok()
        .with("id", shown)
        .with("key_id", id.whole.as_str())
        .with("short_id", id.short.as_str())
        .with("fp", id.long.as_str());
    let run = Run { args, ctx, keys, id, downloaded };
    let before = run.keys.all(&run.id)?;
    let told = told.with("before", before.clone());
    match args.required_text("state") {
        "absent" => run.absent(&before, told),
        _ => run.present(&before, told),
    }
}

/// The number of the key that the task has, where it doesn't say so itself.
fn number(
    args: &Arguments,
    ctx: &Ctx,
    keys: &Keys<'_>,
    downloaded: &mut Option<Vec<u8>>,
) -> Result<Option<String>> {
    if args.text("keyserver").is_some() {
        return Err(Failure::new("Missing key_id, required with keyserver."));
    }
    let source = match (args.text("url"), source(args)) {
        (Some(url), _) => Source::Data(downloaded.insert(download(args, ctx, url)?)),
        (None, Some(source)) => source,
        (None, None) => return Ok(None),
    };
    keys.number_in(source).map(Some)
}

fn source(args: &Arguments) -> Option<Source<'_>> {
    let data = args.text("data").map(|data| Source::Data(data.as_bytes()));
    args.text("file").map(Source::File).or(data)
}

impl Run<'_> {
    fn is_in(&self, all: &[String]) -> bool {
        let wanted = if self.id.is_short() { &self.id.short } else { &self.id.long };
        all.contains(wanted)
    }

    fn present(&self, before: &[String], told: Outcome) -> Result<Outcome> {
        if self.is_in(before) {
            return Ok(told);
        }
        let told = told.changed_if(true);
        if self.ctx.is_check() {
            return Ok(told);
        }
        if !self.add()? {
            return Ok(failed(told, "No key to add ... how did i get here?!?!"));
        }
        let after = self.keys.all(&self.id)?;
        let is_there = self.is_in(&after);
        let told = told.with("after", after);
        if is_there {
            return Ok(told);
        }
        let message = "apt-key did not return an error, but failed to add the key (check that the id is correct and *not* a subkey)";
        Ok(failed(told, message))
    }

    /// Adds the key; tells whether the task has one.
    fn add(&self) -> Result<bool> {
        if let Some(server) = self.args.text("keyserver") {
            self.keys.receive(server, &self.id.whole)?;
        } else if let Some(data) = &self.downloaded {
            self.keys.add(Source::Data(data))?;
        } else if let Some(url) = self.args.text("url") {
            self.keys.add(Source::Data(&download(self.args, self.ctx, url)?))?;
        } else if let Some(source) = source(self.args) {
            self.keys.add(source)?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn absent(&self, before: &[String], told: Outcome) -> Result<Outcome> {
        if !self.is_in(before) {
            return Ok(told);
        }
        let told = told.changed_if(true);
        if self.ctx.is_check() {
            return Ok(told);
        }
        self.keys.remove(&self.id.short)?;
        let after = self.keys.all(&self.id)?;
        let is_there = self.is_in(&after);
        let told = told.with("after", after);
        if !is_there {
            return Ok(told);
        }
        let message = "apt-key did not return an error, but the key was not removed (check that the id is correct and *not* a subkey)";
        Ok(failed(told, message))
    }
}

fn failed(mut told: Outcome, message: &str) -> Outcome {
    told.status = nafal_base::Status::Failed;
    told.with("msg", message)
}
