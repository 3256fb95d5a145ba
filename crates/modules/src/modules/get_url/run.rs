//! Downloading, comparing, putting in place. Must not know how checksums are written.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use nafal_base::{Outcome, Value};

use super::checksum::{self, Checksum, Refused};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{
    Content, Differences, FILE_ARGUMENTS, Failure, Result, Temporary, Wanted, backup, digest,
    paths, write,
};
use crate::http::{self, HTTP_ARGUMENTS, Options, Request, Response};
use crate::modules::uri::{headers, modified, url_name};
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// The table's line.
pub const MODULE: Module =
    Module { spec: Spec { shared: FILE_ARGUMENTS, ..Spec::new("get_url", ARGUMENTS) }, run };

const ARGUMENTS: &[Argument] = &join([
    Argument::flag("backup", false),
    Argument::text("checksum").or_text(""),
    Argument::path("dest").required(),
    Argument::new("headers", Kind::Dict),
    Argument::new("timeout", Kind::Int).or(crate::spec::Default::Int(10)),
    Argument::path("tmp_dest"),
    Argument::text("url_username").aliases(&["username"]),
]);

/// The arguments of this module and of all that fetch.
const fn join(own: [Argument; 7]) -> [Argument; 7 + HTTP_ARGUMENTS.len()] {
    let mut all = [own[0]; 7 + HTTP_ARGUMENTS.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < 7 { own[at] } else { HTTP_ARGUMENTS[at - 7] };
        at += 1;
    }
    all
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let mut options = http::options_from(args, ctx)?;
    let url = args.required_text("url");
    let dest = args.required_text("dest");
    let told = Outcome::ok().with("url", url).with("dest", dest);
    let told_nothing = || {
        let none = told.clone().with("checksum_src", Value::None);
        none.with("checksum_dest", Value::None).with("elapsed", 0)
    };
    let wanted = match checksum::wanted(args, &options) {
        Ok(wanted) => wanted,
        Err(Refused::Format(message)) => return Err(with(Failure::new(message), told_nothing())),
        Err(Refused::List(failure)) => return Err(failure),
    };
    let real = ctx.resolve(dest);
    let mut since = None;
    if !real.is_dir() && real.exists() {
        let is_other = match wanted.as_ref().filter(|_| !options.force) {
            Some(wanted) => wanted.of(&real, dest)? != wanted.digest,
            None => false,
        };
        if wanted.is_some() && !options.force && !is_other {
            let changed = attributes(args, ctx, &real)?;
            let message = match changed {
                true => "file already exists but file attributes changed",
                false => "file already exists",
            };
            return Ok(told_nothing().changed_if(changed).with("msg", message));
        }
        options.force |= is_other;
        since = modified(&real);
    }
    Download { args, ctx, options, wanted, since }.run(told)
}

/// A failure with the values of an outcome.
fn with(failure: Failure, outcome: Outcome) -> Failure {
    outcome.values.iter().fold(failure, |failure, (key, value)| match key.as_str() {
        Some(key) => failure.with(key, value.clone()),
        None => failure,
    })
}

fn temporary_folder(args: &Arguments, ctx: &Ctx) -> Result<PathBuf> {
    let Some(named) = args.text("tmp_dest") else { return Ok(ctx.temporary().to_owned()) };
    let folder = ctx.resolve(named);
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(Failure::new(match folder.exists() {
        true => format!("{named} is a file but should be a directory."),
        false => format!("{named} directory does not exist."),
    })
    .with("elapsed", 0))
}

fn attributes(args: &Arguments, ctx: &Ctx, path: &Path) -> Result<bool> {
    Wanted::from_arguments(args).apply(ctx.subject(path), &mut Differences::default())
}

struct Download<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    options: Options,
    wanted: Option<Checksum>,
    since: Option<String>,
}

impl Download<'_> {
    fn run(&self, told: Outcome) -> Result<Outcome> {
        let begun = Instant::now();
        let asked = self.ask();
        let elapsed = || i64::try_from(begun.elapsed().as_secs()).unwrap_or_default();
        let mut response = match asked {
            Ok(response) => response,
            Err(error) if error.is_of_value() => {
                let url = self.args.required_text("url");
                return Err(Failure::new(error.to_string()).with("status", -1).with("url", url));
            }
            Err(error) => {
                return Err(with(Failure::new(error.to_string()), told.with("elapsed", elapsed())));
            }
        };
        let status = response.status.map_or(Value::None, |status| Value::Int(status.into()));
        if response.status == Some(304) {
            let told = told.with("elapsed", elapsed()).with("msg", response.message());
            return Ok(told.with("status_code", status));
        }
        if response.status.is_some_and(|status| status != 200) {
            let failure = Failure::new("Request failed")
                .with("status_code", status)
                .with("response", response.message());
            return Err(with(failure, told.with("elapsed", elapsed())));
        }
        let temporary = self.receive(&mut response)?;
        let message = response.message();
        let told = told.with("elapsed", elapsed());
        self.place(&response, &temporary, told.with("msg", message).with("status_code", status))
    }

    fn ask(&self) -> Result<Response, http::HttpError> {
        let mut request = Request::get(self.args.required_text("url"));
        if self.ctx.is_check() {
            request.method = "HEAD".to_owned();
        }
        request.headers = headers(self.args.dict("headers"));
        request.modified_since.clone_from(&self.since);
        http::fetch(&request, &self.options)
    }

    /// The content goes to a file as it comes.
    fn receive(&self, response: &mut Response) -> Result<Temporary> {
        let failed = |error: &io::Error| {
            Failure::new(format!(
                "failed to create temporary content file: {}",
                errno_text(error, None)
            ))
        };
        let folder = temporary_folder(self.args, self.ctx)?;
        let made = Temporary::create(&folder);
        let (temporary, mut file) = made.map_err(|error| failed(&error))?;
        io::copy(&mut response.body(), &mut file).map_err(|error| failed(&error))?;
        Ok(temporary)
    }

    fn place(&self, response: &Response, temporary: &Temporary, told: Outcome) -> Result<Outcome> {
        let mut dest = self.args.required_text("dest").to_owned();
        if self.ctx.resolve(&dest).is_dir() {
            let from_url = url_name(&response.url);
            dest = paths::join(&dest, response.file_name().unwrap_or(&from_url));
        }
        let shown = temporary.path().display().to_string();
        let sum = |path: &Path| digest::of_file("sha1", path).ok();
        let source = sum(temporary.path());
        let mut partly = told.with("dest", dest.as_str()).with("src", shown.as_str());
        let (message, status) = (partly.values.remove("msg"), partly.values.remove("status_code"));
        let text = |sum: &Option<String>| sum.as_deref().map_or(Value::None, Value::from);
        partly = partly.with("checksum_src", text(&source)).with("checksum_dest", Value::None);
        let real = self.ctx.resolve(&dest);
        self.check_place(&dest, &real).map_err(|failure| with(failure, partly.clone()))?;
        let present = real.exists().then(|| sum(&real)).flatten();
        partly = partly.with("checksum_dest", text(&present));
        let is_other = source != present;
        let message = message.unwrap_or_default();
        if self.ctx.is_check() {
            return Ok(partly.changed_if(is_other).with("msg", message));
        }
        self.check_sum(temporary, &shown).map_err(|failure| with(failure, partly.clone()))?;
        if is_other {
            if self.args.is("backup")
                && let Some(name) = backup::backup(&real)?
            {
                partly = partly.with("backup_file", name);
            }
            self.write(temporary, &real)?;
        }
        let changed = is_other | attributes(self.args, self.ctx, &real)?;
        let md5 = digest::of_file("md5", &real).ok();
        Ok(partly
            .changed_if(changed)
            .with("md5sum", text(&md5))
            .with("msg", message)
            .with("status_code", status.unwrap_or_default()))
    }

    fn check_place(&self, dest: &str, real: &Path) -> Result<()> {
        use rustix::fs::{Access, access};
        if real.exists() {
            return match access(real, Access::WRITE_OK) {
                Ok(()) => Ok(()),
                Err(_) => Err(Failure::new(format!("Destination {dest} is not writable"))),
            };
        }
        let folder = paths::folder_of(dest);
        let place = self.ctx.resolve(if folder.is_empty() { "." } else { folder });
        if !place.exists() {
            return Err(Failure::new(format!("Destination {folder} does not exist")));
        }
        match access(&place, Access::WRITE_OK) {
            Ok(()) => Ok(()),
            Err(_) => Err(Failure::new(format!("Destination {folder} is not writable"))),
        }
    }

    fn check_sum(&self, temporary: &Temporary, shown: &str) -> Result<()> {
        let Some(wanted) = &self.wanted else { return Ok(()) };
        let found = wanted.of(temporary.path(), shown)?;
        if found == wanted.digest {
            return Ok(());
        }
        let digest = &wanted.digest;
        Err(Failure::new(format!(
            "The checksum for {shown} did not match {digest}; it was {found}."
        )))
    }

    fn write(&self, temporary: &Temporary, real: &Path) -> Result<()> {
        let wanted = Wanted::from_arguments(self.args);
        let options = crate::files::Options {
            ceiling: wanted.ceiling(self.ctx.umask()),
            ..self.ctx.write_options(self.args)
        };
        Ok(write(&paths::real_path(real), Content::MovedFrom(temporary.path()), &options)?)
    }
}
