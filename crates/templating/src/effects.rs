//! What templates may ask of the world: files, processes, the environment, clock and randomness.
//! The engine gives an implementation; tests give [`NoEffects`] or one of their own.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use nafal_base::{Diagnostic, Scope, Text, Value};

fn unavailable<T>(what: &str) -> io::Result<T> {
    Err(io::Error::new(io::ErrorKind::Unsupported, format!("{what} is not available here")))
}

/// What kind of plugin a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluginKind {
    /// A filter.
    Filter,
    /// A test.
    Test,
    /// A lookup.
    Lookup,
}

/// A call of a plugin that the user brings.
#[derive(Clone, Copy)]
pub struct PluginCall<'a> {
    /// Its kind.
    pub kind: PluginKind,
    /// Its name as written.
    pub name: &'a str,
    /// Arguments by position; the filtered or tested value is the first.
    pub positional: &'a [Value],
    /// Arguments by name.
    pub named: &'a [(Text, Value)],
    /// The variables, for plugins that look at them.
    pub scope: &'a dyn Scope,
}

/// Why a plugin that the user brings gave nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PluginFailure {
    /// What it said.
    pub message: String,
    /// What caused that, the nearest first.
    pub causes: Vec<String>,
    /// Whether something undefined was used.
    pub undefined: bool,
    /// Whether its file couldn't be loaded.
    pub unloaded: bool,
}

/// What is asked for by URL, and how.
#[derive(Clone, Debug)]
pub struct UrlRequest {
    /// Where.
    pub url: String,
    /// Headers beside the usual ones.
    pub headers: Vec<(String, String)>,
    /// The user to authenticate as.
    pub username: Option<String>,
    /// The user's password.
    pub password: Option<String>,
    /// Whether credentials go along before the server asks for them.
    pub force_basic_auth: bool,
    /// Whether the server must prove who it is.
    pub validate_certs: bool,
    /// Whether the environment's proxies are used.
    pub use_proxy: bool,
    /// Whether `~/.netrc` is read.
    pub use_netrc: bool,
    /// Whether no cache may answer.
    pub force: bool,
    /// The policy's name.
    pub follow_redirects: String,
    /// The name of the client.
    pub agent: String,
    /// Seconds to wait for each step.
    pub timeout: f64,
    /// A file with certificates that are trusted too.
    pub ca_path: Option<String>,
    /// The socket to use whatever the host is.
    pub unix_socket: Option<String>,
    /// Names of headers that don't follow a redirect.
    pub unredirected_headers: Vec<String>,
    /// Words that choose the ciphers of TLS 1.2.
    pub ciphers: Vec<String>,
    /// Whether GSSAPI says who one is.
    pub use_gssapi: bool,
}

/// Why a URL has no answer that could be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The server says so: `HTTP Error 404: Not Found`.
    Refused(String),
    /// There is no way to it.
    Unreachable(String),
    /// Anything else, in its own words.
    Other(String),
}

/// What a file of variables holds.
#[derive(Clone, Debug)]
pub struct LoadedVariables {
    /// The variables.
    pub variables: nafal_base::Dict,
    /// Whether the file is a vault.
    pub is_vault: bool,
}

/// The world as a template sees it.
pub trait Effects: Send + Sync {
    /// The bytes of a file on the controller (decrypted when it is vaulted).
    fn read(&self, _path: &Path) -> io::Result<Vec<u8>> {
        unavailable("reading files")
    }

    /// The same as it is, a vault as a vault (`decrypt: false`).
    fn read_sealed(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.read(path)
    }

    /// Whether a file is a vault, by how it begins.
    fn is_sealed(&self, _path: &Path) -> bool {
        false
    }

    /// The variables that a YAML or JSON file on the controller holds (`include_vars`), or why not.
    fn variables(&self, path: &Path) -> Result<LoadedVariables, String> {
        Err(format!("reading {} is not available here", path.display()))
    }

    /// What a YAML 1.1 text holds, or why it can't be read (`from_yaml`).
    fn yaml(&self, _text: &str) -> Result<Value, String> {
        Err("reading YAML is not available here".to_owned())
    }

    /// Writes a file on the controller, with this mode, its folder too (`lookup('password')`).
    fn write(&self, _path: &Path, _bytes: &[u8], _mode: u32) -> io::Result<()> {
        unavailable("writing files")
    }

    /// A file by its name along the search path: for each folder of [`Effects::search_path`], first
    /// below each of `kinds` (`files`, `templates`, `vars`), then itself. Absolute and `~` names too.
    fn find(&self, _kinds: &[&str], _name: &str) -> Option<PathBuf> {
        None
    }

    /// The folders that files are searched in, strongest first (role, including file, playbook).
    fn search_path(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    /// The paths that a glob pattern matches, sorted (`fileglob`).
    fn glob(&self, _pattern: &Path) -> io::Result<Vec<PathBuf>> {
        unavailable("listing files")
    }

    /// Name and whether it is a folder of everything in a folder, sorted (`filetree`).
    fn list(&self, _folder: &Path) -> io::Result<Vec<PathBuf>> {
        unavailable("listing files")
    }

    /// Metadata of a path, links not followed.
    fn metadata(&self, _path: &Path) -> io::Result<std::fs::Metadata> {
        unavailable("looking at files")
    }

    /// Whether there is something at this path.
    fn exists(&self, _path: &Path) -> bool {
        false
    }

    /// An environment variable.
    fn env(&self, _name: &str) -> Option<String> {
        None
    }

    /// The current folder.
    fn current_folder(&self) -> PathBuf {
        PathBuf::from(".")
    }

    /// Runs a shell command: its exit code and standard output.
    fn pipe(&self, _command: &str) -> io::Result<(i32, Vec<u8>)> {
        unavailable("running commands")
    }

    /// The time.
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    /// Fills the buffer with random bytes.
    fn random(&self, _bytes: &mut [u8]) -> io::Result<()> {
        unavailable("randomness")
    }

    /// What a URL answers (`lookup('url')`).
    fn fetch(&self, _request: &UrlRequest) -> Result<Vec<u8>, NoAnswer> {
        Err(NoAnswer::Other("the network is not available here".to_owned()))
    }

    /// The folder of a role that the task's action takes its files from (`first_found`).
    fn task_folder(&self) -> &'static str {
        "files"
    }

    /// The same world, which looks for files in this folder too, last; None where no files are looked for.
    fn beside(&self, _folder: &Path) -> Option<Box<dyn Effects>> {
        None
    }

    /// A configuration setting by its name (`lookup('config')`).
    fn setting(&self, _name: &str) -> Option<Value> {
        None
    }

    /// Where a configuration setting is said: `default`, `env: NAME`, a file.
    fn setting_origin(&self, _name: &str) -> Option<String> {
        None
    }

    /// What variables say of a configuration setting, and which of them.
    fn varied_setting(
        &self,
        _name: &str,
        _variable: &dyn Fn(&str) -> Option<Value>,
    ) -> Result<Option<(Value, String)>, OptionFault> {
        Ok(None)
    }

    /// An option of a plugin and where it is said, with what variables hold (`lookup('config')`).
    fn plugin_setting(
        &self,
        _asked: &PluginOption<'_>,
        _variable: &dyn Fn(&str) -> Option<Value>,
    ) -> Result<(Value, String), OptionFault> {
        Err(OptionFault::NoPlugin)
    }

    /// The same of a plugin that only the user's own folders may have.
    fn foreign_plugin_setting(
        &self,
        _asked: &PluginOption<'_>,
        _scope: &dyn Scope,
    ) -> Result<(Value, String), OptionFault> {
        Err(OptionFault::NoPlugin)
    }

    /// What a vault's text stands for, with the run's secrets.
    fn decrypt(&self, _vault: &str) -> Result<String, String> {
        Err("Attempting to decrypt but no vault secrets found.".to_owned())
    }

    /// A vaulted text in the clear, with this secret (the `unvault` filter).
    fn decrypt_with(&self, _text: &str, _secret: &str) -> Result<Text, String> {
        Err("no vault is available here".to_owned())
    }

    /// The documents of a YAML text (`from_yaml_all`).
    fn yaml_documents(&self, _text: &str) -> Result<Vec<Value>, String> {
        Err("reading YAML is not available here".to_owned())
    }

    /// The hosts that a pattern matches (`lookup('inventory_hostnames')`).
    fn hosts(&self, _pattern: &str) -> Result<Vec<String>, String> {
        Err("no inventory is available here".to_owned())
    }

    /// A text encrypted with a vault secret (the `vault` filter).
    fn encrypt(
        &self,
        _text: &str,
        _secret: &str,
        _id: Option<&str>,
        _salt: Option<&str>,
    ) -> Result<Text, String> {
        Err("no vault is available here".to_owned())
    }

    /// Whether the user brings a plugin of this name.
    fn has_plugin(&self, _kind: PluginKind, _name: &str) -> bool {
        false
    }

    /// Calls a plugin that the user brings.
    fn call_plugin(&self, call: PluginCall<'_>) -> Result<Value, PluginFailure> {
        let message = format!("no plugin named '{}' is available here", call.name);
        Err(PluginFailure { message, ..PluginFailure::default() })
    }

    /// A warning to show.
    fn warn(&self, message: &str) {
        self.tell(Diagnostic::warning(message));
    }

    /// A warning with its place.
    fn tell(&self, _diagnostic: Diagnostic) {}
}

/// An option of a plugin.
#[derive(Clone, Copy, Debug)]
pub struct PluginOption<'a> {
    /// `connection`.
    pub kind: &'a str,
    /// `ssh`.
    pub plugin: &'a str,
    /// `remote_user`.
    pub name: &'a str,
}

/// Why there is no value of a plugin's option.
#[derive(Clone, Debug)]
pub enum OptionFault {
    /// No plugin has this name.
    NoPlugin,
    /// The plugin has no such option.
    NoOption,
    /// It must be given, and isn't.
    Required,
    /// What is given isn't of its type.
    Invalid {
        /// `var: NAME`.
        origin: String,
        /// The type.
        kind: String,
        /// What is given.
        value: Value,
    },
    /// What the user's ansible-core says of a plugin of the user's.
    Said(PluginFailure),
    /// What is given isn't one of its choices.
    NoChoice {
        /// What is given.
        value: Value,
        /// All of them.
        choices: Vec<String>,
    },
}

/// A world with nothing in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoEffects;

impl Effects for NoEffects {}
