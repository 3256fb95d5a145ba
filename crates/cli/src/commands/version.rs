//! What `--version` says: the version of ansible-core that nafal behaves as, and its own.

use nafal_engine::Settings;

/// What playbooks may expect: scripts read it from the first line.
const CORE: &str = nafal_base::reference::VERSION;

/// nafal's own line.
pub fn own() -> String {
    format!("nafal {}", env!("CARGO_PKG_VERSION"))
}

/// The lines of a command.
pub fn lines(command: &str, settings: &Settings) -> String {
    let config = settings
        .config_file
        .as_ref()
        .map_or_else(|| "None".to_owned(), |path| path.display().to_string());
    let executable = std::env::current_exe()
        .map_or_else(|_| "unknown".to_owned(), |path| path.display().to_string());
    // One word, as stock's scripts-readable heading has it: `nafal playbook` is one command too.
    let command = command.replace(' ', "-");
    format!(
        "{command} [core {CORE}]\n  {}\n  config file = {config}\n  executable location = {executable}",
        own()
    )
}

/// What `-v` says of the settings.
pub fn config_line(settings: &Settings) -> String {
    match &settings.config_file {
        Some(path) => format!("Using {} as config file", path.display()),
        None => "No config file found; using defaults".to_owned(),
    }
}
