//! A module's request as a file on the target, which the module runs from: what `pipelining` off and
//! `keep_remote_files` ask for. It is a program in Python, so that it can be run once more by hand under the name that
//! stock gives such files. Must not know how modules work.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use nafal_base::value::json::{Style, to_json};
use nafal_base::value::json_read;
use nafal_base::wire::{self, Afterwards, ModuleFile, Request, Surroundings};
use nafal_base::{Outcome, Value};

use crate::ctx::Ctx;
use crate::files::staged::{self, Content, Options};
use crate::jobs;
use crate::processes::Processes;
use crate::serve::{forget_folder, note_folder, remember_places};

/// The word on an agent's command line behind which stands the file that it runs.
pub const WORD: &str = "module";

/// What begins the lines that tell what is run; each goes on as JSON.
const MODULE: &str = "# module: ";
const SURROUNDINGS: &str = "# surroundings: ";
const ARGUMENTS: &str = "# arguments: ";

/// Where files go when the task's own folder can't be written, as when one becomes somebody else.
const SYSTEM_FOLDERS: [&str; 2] = ["/var/tmp", "/tmp"];

/// A module's file; gone with its folder when this is, unless it is to be kept.
pub struct Laid {
    folder: PathBuf,
    file: PathBuf,
    afterwards: Afterwards,
}

impl Laid {
    /// Writes the file of a request.
    pub fn down(request: &Request, wanted: &ModuleFile) -> io::Result<Laid> {
        let folder = make_folder(&wanted.folder, &request.surroundings)?;
        if wanted.afterwards == Afterwards::Removed {
            note_folder(folder.clone());
        }
        let file = folder.join(format!("AnsiballZ_{}.py", short_name(request)));
        let laid = Laid { folder, file, afterwards: wanted.afterwards };
        let text = text(request)?;
        staged::write(&laid.file, Content::Bytes(text.as_bytes()), &Options::default())
            .map_err(io::Error::other)?;
        // Arguments may hold what others must not read: nobody else enters the folder.
        fs::set_permissions(&laid.file, Permissions::from_mode(0o744))?;
        Ok(laid)
    }

    /// It isn't kept: nothing ran from it.
    pub fn discard(&mut self) {
        self.afterwards = Afterwards::Removed;
    }

    /// The request that stands in it.
    pub fn request(&self) -> io::Result<Request> {
        read(&self.file)
    }
}

impl Drop for Laid {
    fn drop(&mut self) {
        if self.afterwards == Afterwards::Removed {
            // Nothing can be done about what doesn't go.
            let _ = fs::remove_dir_all(&self.folder);
            forget_folder(&self.folder);
        }
    }
}

/// The module's name without its collection: that of a module that is not nafal's own stands among its arguments.
fn short_name(request: &Request) -> String {
    let foreign = request.args.get("name").filter(|_| request.module == wire::FOREIGN);
    let name = foreign.map_or(request.module.as_str().into(), Value::to_text);
    name.rsplit('.').next().unwrap_or_default().replace('/', "_")
}

/// A folder for one module, named as stock names them.
fn make_folder(named: &str, surroundings: &Surroundings) -> io::Result<PathBuf> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let name = format!(
        "ansible-tmp-{}.{:07}-{}-{}",
        now.as_secs(),
        now.subsec_micros(),
        std::process::id(),
        staged::random_number()? >> 16
    );
    let processes = Arc::new(Processes::default());
    let ctx = Ctx::new("", surroundings.clone(), Path::new("/tmp"), processes);
    let own = ctx.resolve(ctx.expand(named));
    let mut fault = io::Error::from(io::ErrorKind::NotFound);
    for place in std::iter::once(own).chain(SYSTEM_FOLDERS.map(PathBuf::from)) {
        let folder = place.join(&name);
        match DirBuilder::new().recursive(true).mode(0o700).create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) => fault = error,
        }
    }
    Err(fault)
}

/// The program: it hands itself to the agent.
fn text(request: &Request) -> io::Result<String> {
    let agent = std::env::current_exe()?;
    let agent = Value::from(agent.display().to_string()).repr();
    let surroundings = Surroundings { file: None, ..request.surroundings.clone() };
    let surroundings = serde_json::to_string(&surroundings)?;
    let module = to_json(&Value::from(request.module.as_str()), Style::LINE);
    let arguments = to_json(&Value::Dict(request.args.clone()), Style::LINE);
    Ok(format!(
        "#!/usr/bin/env python3\n\
         # What nafal ran on this host. `python3` and this file run it once more, with what stands here then.\n\
         import os\n\
         agent = {agent}\n\
         os.execv(agent, [agent, 'agent', '{WORD}', os.path.abspath(__file__)])\n\
         {MODULE}{module}\n\
         {SURROUNDINGS}{surroundings}\n\
         {ARGUMENTS}{arguments}\n"
    ))
}

/// The request that stands in this file.
fn read(file: &Path) -> io::Result<Request> {
    let text = fs::read_to_string(file)?;
    let line = |begin: &str| {
        let missing = || io::Error::other(format!("{} has no line `{begin}`", file.display()));
        text.lines().find_map(|line| line.strip_prefix(begin)).ok_or_else(missing)
    };
    let surroundings = serde_json::from_str(line(SURROUNDINGS)?)?;
    let value = |begin| json_read::read(line(begin)?).map_err(io::Error::other);
    let args = match value(ARGUMENTS)? {
        Value::Dict(args) => args,
        _ => return Err(io::Error::other(format!("{}: arguments are no dict", file.display()))),
    };
    Ok(Request { module: value(MODULE)?.to_text().into_owned(), args, surroundings })
}

/// Runs the module of a file and prints its result: what an agent does that was started with [`WORD`]. Gives the exit
/// code.
pub fn run(file: &Path) -> i32 {
    remember_places();
    let outcome =
        read(file).map(perform).unwrap_or_else(|error| Outcome::failed(error.to_string()));
    let failed = outcome.is_failed();
    let text = to_json(&Value::Dict(outcome.to_result()), Style::LINE);
    let told = io::stdout().write_all(format!("{text}\n").as_bytes());
    i32::from(failed || told.is_err())
}

fn perform(request: Request) -> Outcome {
    jobs::in_own_folder(|folder| jobs::run_module(request, folder, Arc::default()))
}

#[cfg(test)]
mod tests {
    use nafal_base::Dict;

    use super::*;

    fn request(args: Dict) -> Request {
        let environment = vec![("A".to_owned(), "b\n".to_owned())];
        let surroundings = Surroundings { environment, ..Surroundings::default() };
        Request { module: "ansible.builtin.ping".to_owned(), args, surroundings }
    }

    #[test]
    fn what_stands_in_it_is_what_runs() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("deep/tmp").display().to_string();
        let args: Dict =
            [("data", Value::from("a\n# module: \"x\"\u{2028}é"))].into_iter().collect();
        let wanted = ModuleFile { folder: folder.clone(), afterwards: Afterwards::Removed };
        let laid = Laid::down(&request(args.clone()), &wanted).unwrap();
        assert!(laid.file.ends_with("AnsiballZ_ping.py"));
        let read = laid.request().unwrap();
        assert_eq!((read.module.as_str(), read.args), ("ansible.builtin.ping", args));
        assert_eq!(read.surroundings.environment, [("A".to_owned(), "b\n".to_owned())]);
        drop(laid);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        let kept = ModuleFile { folder: folder.clone(), afterwards: Afterwards::Kept };
        drop(Laid::down(&request(Dict::new()), &kept).unwrap());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn elsewhere_where_it_may_not_be() {
        let surroundings = Surroundings::default();
        let made = make_folder("/dev/null/x", &surroundings).unwrap();
        assert!(made.starts_with("/var/tmp"), "{}", made.display());
        fs::remove_dir(made).unwrap();
    }
}
