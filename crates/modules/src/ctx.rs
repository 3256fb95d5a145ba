//! The surroundings that a module runs in: mode, environment, folder, umask, where temporary
//! files go, which processes it started. A module asks here, never the process, because many
//! modules run side by side in one agent. Must not know any module.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use nafal_base::wire::{Python, Surroundings, WireMode};
use nafal_base::{Dict, Value};

use crate::files::paths;
use crate::passwd;
use crate::processes::Processes;

/// The surroundings of one run of one module.
#[derive(Debug)]
pub struct Ctx {
    surroundings: Surroundings,
    module: String,
    temporary: PathBuf,
    processes: Arc<Processes>,
    warnings: Mutex<Vec<String>>,
    deprecations: Mutex<Vec<Value>>,
}

/// The agent's own mask for new files, read without changing it.
static OWN_UMASK: LazyLock<u32> = LazyLock::new(|| {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find_map(|line| line.strip_prefix("Umask:"))?;
            u32::from_str_radix(line.trim(), 8).ok()
        })
        .unwrap_or(0o022)
});

impl Ctx {
    /// The surroundings of a run of `module`; `temporary` is the agent's own folder.
    pub fn new(
        module: &str,
        surroundings: Surroundings,
        temporary: &Path,
        processes: Arc<Processes>,
    ) -> Ctx {
        let temporary = match &surroundings.temporary {
            Some(own) => PathBuf::from(own),
            None => temporary.to_owned(),
        };
        Ctx {
            surroundings,
            module: module.to_owned(),
            temporary,
            processes,
            warnings: Mutex::default(),
            deprecations: Mutex::default(),
        }
    }

    /// Surroundings without an agent, for tests.
    pub fn plain(module: &str, surroundings: Surroundings) -> Ctx {
        Ctx::new(module, surroundings, &std::env::temp_dir(), Arc::default())
    }

    /// The name that the module was asked for by.
    pub fn module_name(&self) -> &str {
        &self.module
    }

    /// All of them, for another run in the same ones.
    pub fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }

    /// The Python that modules in Python run under.
    pub fn python(&self) -> &Python {
        &self.surroundings.python
    }

    /// Keeps the one that was found.
    pub fn set_python(&mut self, found: &str) {
        self.surroundings.python = Python::Known(found.to_owned());
    }

    /// Whether it may change anything.
    pub fn mode(&self) -> WireMode {
        self.surroundings.mode
    }

    /// Whether it may only say what it would do.
    pub fn is_check(&self) -> bool {
        self.surroundings.mode == WireMode::Check
    }

    /// Whether differences are wanted.
    pub fn wants_diff(&self) -> bool {
        self.surroundings.diff
    }

    /// Whether the result tells the arguments.
    pub fn wants_invocation(&self) -> bool {
        self.surroundings.invocation
    }

    /// Stock's verbosity.
    pub fn verbosity(&self) -> u8 {
        self.surroundings.verbosity
    }

    /// The mask for new files.
    pub fn umask(&self) -> u32 {
        self.surroundings.umask.unwrap_or(*OWN_UMASK)
    }

    /// The mask for new files when the task has one of its own.
    pub fn own_umask(&self) -> Option<u32> {
        self.surroundings.umask
    }

    /// How many files what is started may have open at once, when the task limits it. Nobody gets
    /// more than the system lets it ask for.
    pub fn open_files(&self) -> Option<u64> {
        let wanted = self.surroundings.open_files?;
        let most = rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum;
        Some(most.map_or(wanted, |most| most.min(wanted)))
    }

    /// A folder for temporary files, which the agent removes at its end.
    pub fn temporary(&self) -> &Path {
        &self.temporary
    }

    /// The processes started for this run.
    pub fn processes(&self) -> &Arc<Processes> {
        &self.processes
    }

    /// A variable of the environment.
    pub fn env(&self, name: &str) -> Option<OsString> {
        let own = self.surroundings.environment.iter().rev().find(|(key, _)| key == name);
        own.map(|(_, value)| value.into()).or_else(|| std::env::var_os(name))
    }

    /// What the task's environment sets over the agent's.
    pub fn environment(&self) -> &[(String, String)] {
        &self.surroundings.environment
    }

    /// The folder that relative paths start at, when it isn't the agent's own.
    pub fn folder(&self) -> Option<&Path> {
        self.surroundings.folder.as_deref().map(Path::new)
    }

    /// A path as the file system is asked for it: relative ones start at the task's folder.
    pub fn resolve(&self, path: impl AsRef<Path>) -> PathBuf {
        match self.folder() {
            Some(folder) => folder.join(path),
            None => path.as_ref().to_owned(),
        }
    }

    /// The same from the root, with neither `.` nor `..`: `os.path.abspath`.
    pub fn absolute(&self, path: &str) -> PathBuf {
        let resolved = self.resolve(path);
        paths::normal_path(&std::path::absolute(&resolved).unwrap_or(resolved))
    }

    /// `os.path.expanduser` and `os.path.expandvars`, with the task's environment.
    pub fn expand(&self, path: &str) -> String {
        self.expand_user(&self.expand_variables(path))
    }

    /// `~` and `~user` at the start become home folders; unknown users stay as they are.
    pub fn expand_user(&self, path: &str) -> String {
        let Some(rest) = path.strip_prefix('~') else {
            return path.to_owned();
        };
        let (user, tail) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let home = if user.is_empty() {
            self.env("HOME")
                .map(|home| home.to_string_lossy().into_owned())
                .or_else(passwd::own_home)
        } else {
            passwd::home_of(user)
        };
        match home {
            Some(home) => {
                let home = home.trim_end_matches('/');
                if home.is_empty() && tail.is_empty() {
                    "/".to_owned()
                } else {
                    format!("{home}{tail}")
                }
            }
            None => path.to_owned(),
        }
    }

    /// The same as the login's shell does it, which stock asks for the destinations of `copy`,
    /// `template` and `fetch`: the home of this user, whatever HOME is.
    pub fn expand_login(&self, path: &str) -> String {
        let home = || passwd::own_home().filter(|_| path == "~" || path.starts_with("~/"));
        match (path.strip_prefix('~'), home()) {
            (Some(rest), Some(home)) => format!("{home}{rest}"),
            _ => self.expand_user(path),
        }
    }

    /// `$name` and `${name}` become what they are in the environment; unknown ones stay.
    pub fn expand_variables(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('$') {
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let (name, length) = variable_at(rest);
            match name.and_then(|name| self.env(name)) {
                Some(value) => out.push_str(&value.to_string_lossy()),
                None => out.push_str(&rest[..length]),
            }
            rest = &rest[length..];
        }
        out + rest
    }

    /// A command with the task's environment and folder.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.envs(self.surroundings.environment.iter().map(|(key, value)| (key, value)));
        if let Some(folder) = self.folder() {
            command.current_dir(folder);
        }
        command
    }

    /// Says something to the user beside the result.
    pub fn warn(&self, warning: impl Into<String>) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning.into());
    }

    /// Says that something will go away.
    pub fn deprecate(&self, message: &str, version: Option<&str>) {
        let (collection, short) = self.full_name();
        let source =
            [("resolved_name", format!("{collection}.{short}")), ("type", "module".to_owned())];
        let source: Dict = source.into_iter().map(|(key, text)| (key, Value::from(text))).collect();
        self.add_deprecation(message, version, &collection, source);
    }

    /// Says that the module itself will go, in the words of who looks modules up: they name it as the task does.
    pub(crate) fn deprecate_itself(&self, remedy: &str, version: &str) {
        let (collection, _) = self.full_name();
        let message = format!("{} has been deprecated. {remedy}", self.module);
        let source = [("resolved_name", Value::from(collection.as_str())), ("type", Value::None)];
        self.add_deprecation(&message, Some(version), &collection, source.into_iter().collect());
    }

    fn add_deprecation(
        &self,
        message: &str,
        version: Option<&str>,
        collection: &str,
        source: Dict,
    ) {
        let entry = [
            ("msg", Value::from(message)),
            ("collection_name", Value::from(collection)),
            ("version", version.map(Value::from).unwrap_or_default()),
            ("deprecator", Value::Dict(source)),
        ];
        let mut deprecations = self.deprecations.lock().unwrap_or_else(PoisonError::into_inner);
        deprecations.push(Value::Dict(entry.into_iter().collect()));
    }

    /// Whose module it is, and its name there.
    fn full_name(&self) -> (String, &str) {
        match self.module.rsplit_once('.') {
            Some((collection, short)) if collection != "ansible.legacy" => {
                (collection.to_owned(), short)
            }
            Some((_, short)) => ("ansible.builtin".to_owned(), short),
            None => ("ansible.builtin".to_owned(), &self.module),
        }
    }

    pub(crate) fn take_warnings(&self) -> Vec<String> {
        std::mem::take(&mut self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn take_deprecations(&self) -> Vec<Value> {
        std::mem::take(&mut self.deprecations.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The variable's name at a `$`, and how much of the text it takes.
fn variable_at(text: &str) -> (Option<&str>, usize) {
    if let Some(inner) = text.strip_prefix("${") {
        return match inner.find('}') {
            Some(end) => (Some(&inner[..end]), end + 3),
            None => (None, 1),
        };
    }
    let name = &text[1..];
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(name.len());
    if end == 0 { (None, 1) } else { (Some(&name[..end]), end + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_take_the_tasks_environment() {
        let surroundings = Surroundings {
            environment: vec![("HOME".into(), "/h/".into()), ("A".into(), "b".into())],
            folder: Some("/f".into()),
            ..Surroundings::default()
        };
        let ctx = Ctx::plain("ping", surroundings);
        assert_eq!(ctx.expand("~/x"), "/h/x");
        assert_eq!(ctx.expand("~"), "/h");
        assert_eq!(
            ctx.expand("~root/$A/${A}c/$NOSUCH_/${NOSUCH_}$"),
            "/root/b/bc/$NOSUCH_/${NOSUCH_}$"
        );
        assert_eq!(ctx.expand("~nosuchuser/x"), "~nosuchuser/x");
        assert_eq!(ctx.resolve("x"), Path::new("/f/x"));
        assert_eq!(ctx.resolve("/x"), Path::new("/x"));
    }
}
