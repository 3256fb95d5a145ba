//! Every setting that the parts of nafal have, with its name in the environment and in the file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nafal_actions::{ModuleSettings, SshDefaults};
use nafal_base::Diagnostic;
use nafal_plugins::{Kind, Mismatch};
use nafal_templating::{Extension, allow_extensions};
use nafal_variables::Pipelining;

use super::callbacks::CallbackSettings;
use super::collections;
use super::colors::ColorSettings;
use super::deprecated;
use super::effective::NamedSettings;
use super::escalation::EscalationSettings;
use super::fact_cache::{self, FactCacheSettings};
use super::file::{ConfigFile, find_config};
use super::inventory::InventorySettings;
use super::known;
use super::log::LogSettings;
use super::modules;
use super::plugin_filter;
use super::reader::Reader;
use super::reading::ReadingSettings;
use super::shown::ShownSettings;
use super::ssh;
use super::variables::VariableSettings;
use super::wrong;
use crate::error::Error;

/// Settings of a run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The config file, if there is one.
    pub config_file: Option<PathBuf>,
    /// What holds of all that stock knows, by its names.
    pub named: Arc<NamedSettings>,
    /// `inventory`: what is used without `-i`.
    pub inventories: Vec<String>,
    /// How variables come together.
    pub variables: VariableSettings,
    /// `forks`.
    pub forks: usize,
    /// `roles_path`.
    pub roles_path: Vec<PathBuf>,
    /// `library`: folders of modules.
    pub library: Vec<PathBuf>,
    /// `module_utils`: folders of what they import.
    pub module_utils: Vec<PathBuf>,
    /// `filter_plugins`, `test_plugins`, `lookup_plugins`, `action_plugins`: folders of plugins in Python.
    pub plugins: Vec<(Kind, Vec<PathBuf>)>,
    /// nafal's own `installed_collections`: whether a collection's module runs where nafal has one too.
    pub installed_collections: bool,
    /// nafal's own `facts`: which facts plays gather by themselves.
    pub facts: WantedFacts,
    /// `collections_path`.
    pub collections_path: Vec<PathBuf>,
    /// `gathering`.
    pub gathering: nafal_graph::Gathering,
    /// `fact_caching` and what goes with it.
    pub fact_cache: FactCacheSettings,
    /// `private_role_vars`; None when nobody says.
    pub role_visibility: Option<nafal_graph::Visibility>,
    /// `remote_user`.
    pub remote_user: Option<String>,
    /// `remote_port`.
    pub remote_port: Option<u16>,
    /// `pipelining`.
    pub pipelining: Pipelining,
    /// What is said of modules on targets.
    pub modules: ModuleSettings,
    /// `private_key_file`.
    pub private_key: Option<String>,
    /// `transport`.
    pub transport: Option<String>,
    /// Connections over ssh.
    pub ssh: SshDefaults,
    /// `become`.
    pub becomes: bool,
    /// `become_user`.
    pub become_user: Option<String>,
    /// `become_method`.
    pub become_method: Option<String>,
    /// `no_log`.
    pub no_log: bool,
    /// `enable_task_debugger`.
    pub debugger: bool,
    /// `task_debugger_ignore_errors`.
    pub debugger_honours_ignored: bool,
    /// `any_errors_fatal`.
    pub any_errors_fatal: bool,
    /// `force_handlers`.
    pub force_handlers: bool,
    /// `validate_action_group_metadata`.
    pub validates_groups: bool,
    /// `collections_on_ansible_version_mismatch`.
    pub mismatch: Mismatch,
    /// `error_on_missing_handler`.
    pub missing_handler_is_error: bool,
    /// `inject_facts_as_vars`.
    pub inject_facts: Option<bool>,
    /// `inject_invocation`.
    pub inject_invocation: bool,
    /// `strategy`.
    pub strategy: String,
    /// `force_color`.
    pub force_color: bool,
    /// `nocolor` and `$NO_COLOR`.
    pub no_color: bool,
    /// The colours.
    pub colors: ColorSettings,
    /// `tags run`, to which `--tags` adds.
    pub run_tags: Vec<String>,
    /// `tags skip`, to which `--skip-tags` adds.
    pub skip_tags: Vec<String>,
    /// Which callbacks there are.
    pub callbacks: CallbackSettings,
    /// What callbacks show.
    pub shown: ShownSettings,
    /// `verbosity`.
    pub verbosity: u8,
    /// `verbose_to_stderr`.
    pub verbose_to_stderr: bool,
    /// `retry_files_enabled`.
    pub retry_files: bool,
    /// `retry_files_save_path`.
    pub retry_folder: Option<PathBuf>,
    /// How inventories are read and asked.
    pub inventory: InventorySettings,
    /// `inventory export`.
    pub inventory_export: bool,
    /// `localhost_warning`.
    pub localhost_warning: bool,
    /// `inventory_unparsed_warning`.
    pub unparsed_warning: bool,
    /// `editor`.
    pub editor: String,
    /// `pager`.
    pub pager: String,
    /// `module_name`: what ad hoc runs run without `-m`.
    pub module_name: String,
    /// `module_args`.
    pub module_arguments: String,
    /// `task_timeout`, in seconds; 0 is none.
    pub task_timeout: u64,
    /// `poll_interval`, in seconds.
    pub poll_interval: i64,
    /// `async_dir`.
    pub async_dir: Option<String>,
    /// `interpreter_python`.
    pub interpreter: Option<String>,
    /// `python_module_rlimit_nofile`, as it was written.
    pub open_files: Option<String>,
    /// `facts_modules`.
    pub facts_modules: Vec<String>,
    /// `module_strict_utf8_response`.
    pub strict_utf8: bool,
    /// `diff always`.
    pub diff: bool,
    /// `diff context`.
    pub diff_context: usize,
    /// `deprecation_warnings`.
    pub deprecation_warnings: bool,
    /// The log.
    pub log: LogSettings,
    /// Modules that `plugin_filters_cfg` rejects, by their short names.
    pub rejected_modules: Vec<String>,
    /// What is said of settings that nafal doesn't have, or can't use.
    pub ignored: Vec<Diagnostic>,
    /// What is said of settings that stock will drop.
    pub deprecated: Vec<Diagnostic>,
    /// `allow_embedded_templates`.
    pub embedded_templates: bool,
    /// `jinja2_extensions`.
    pub extensions: Vec<String>,
    /// `allow_broken_conditionals`.
    pub broken_conditionals: bool,
    /// `ansible_managed`.
    pub managed: String,
    /// How what people write is read.
    pub reading: ReadingSettings,
    /// What vaults are opened with.
    pub vault: VaultSettings,
    /// How one becomes another user.
    pub escalation: EscalationSettings,
}

/// Settings about vaults.
#[derive(Clone, Debug, Default)]
pub struct VaultSettings {
    /// `vault_identity`: the label of passwords that have none.
    pub identity: String,
    /// `vault_identity_list`: as if given with `--vault-id`, before those.
    pub identity_list: Vec<String>,
    /// `vault_password_file`.
    pub password_file: Option<PathBuf>,
    /// `ask_vault_pass`.
    pub asks: bool,
    /// `vault_id_match`.
    pub id_match: bool,
    /// `vault_encrypt_identity`: the label of the password to encrypt with.
    pub encrypt_identity: Option<String>,
    /// `vault_encrypt_salt`.
    pub encrypt_salt: Option<String>,
}

/// Which facts a play gathers by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedFacts {
    /// All, as stock does.
    All,
    /// The subsets of which anybody in the run reads a fact.
    OnDemand,
}

fn facts(read: &Reader<'_>) -> Result<WantedFacts, Error> {
    match read.text("NAFAL_FACTS", "nafal", "facts").as_deref() {
        None | Some("all") => Ok(WantedFacts::All),
        Some("on-demand") => Ok(WantedFacts::OnDemand),
        Some(other) => Err(Error::BadSetting {
            name: "facts".to_owned(),
            value: other.to_owned(),
            expected: "all or on-demand",
        }),
    }
}

impl Settings {
    /// Settings as this process finds them.
    pub fn load() -> Result<Settings, Error> {
        let environment = |name: &str| std::env::var(name).ok();
        let file = match find_config(&environment) {
            Some(path) => ConfigFile::read(&path)?,
            None => ConfigFile::default(),
        };
        let settings = Settings::from(&environment, &file)?;
        let extensions = settings.extensions.iter().filter_map(|name| Extension::named(name));
        allow_extensions(extensions.collect());
        Ok(Settings { named: Arc::new(NamedSettings::of_process(file)), ..settings })
    }

    /// Settings from this environment and file; the lookup `config` knows the process's alone.
    pub fn from(
        environment: &dyn Fn(&str) -> Option<String>,
        file: &ConfigFile,
    ) -> Result<Settings, Error> {
        wrong::refuse(environment, file)?;
        let read = Reader { environment, file };
        let home = environment("HOME").unwrap_or_default();
        let inventories =
            read.separated_paths(("ANSIBLE_INVENTORY", "defaults", "inventory"), &[',']);
        let inventories = inventories.unwrap_or_default();
        let ansible_home = read
            .path("ANSIBLE_HOME", "defaults", "home")
            .unwrap_or_else(|| PathBuf::from(&home).join(".ansible"));
        let default_roles = || {
            let mut all = default_paths("roles", &ansible_home);
            all.push(PathBuf::from("/etc/ansible/roles"));
            all
        };
        let filter = plugin_filter::read(&read)?;
        let mut ignored = known::ignored(environment, file);
        ignored.extend(filter.fault);
        let extensions = read.list("ANSIBLE_JINJA2_EXTENSIONS", "defaults", "jinja2_extensions");
        let unknown = extensions.iter().filter(|name| Extension::named(name).is_none());
        ignored.extend(unknown.map(|name| known::warning(&format!("jinja2_extensions ({name})"))));
        Ok(Settings {
            rejected_modules: filter.rejected,
            escalation: EscalationSettings::read(&read)?,
            config_file: file.path.clone(),
            named: Arc::default(),
            inventories: inventories.iter().map(|path| path.display().to_string()).collect(),
            variables: VariableSettings::read(&read)?,
            forks: read.number("ANSIBLE_FORKS", "defaults", "forks")?.unwrap_or(5),
            roles_path: read
                .paths("ANSIBLE_ROLES_PATH", "defaults", "roles_path")
                .unwrap_or_else(default_roles),
            library: read
                .paths("ANSIBLE_LIBRARY", "defaults", "library")
                .unwrap_or_else(|| default_paths("plugins/modules", &ansible_home)),
            module_utils: read
                .paths("ANSIBLE_MODULE_UTILS", "defaults", "module_utils")
                .unwrap_or_else(|| default_paths("plugins/module_utils", &ansible_home)),
            plugins: plugins(&read, &ansible_home),
            installed_collections: read
                .flag("NAFAL_INSTALLED_COLLECTIONS", "nafal", "installed_collections")?
                .unwrap_or(false),
            facts: facts(&read)?,
            collections_path: read
                .paths("ANSIBLE_COLLECTIONS_PATH", "defaults", "collections_path")
                .unwrap_or_else(|| default_paths("collections", &ansible_home)),
            gathering: gathering(&read),
            fact_cache: fact_cache::read(&read)?,
            role_visibility: read
                .flag("ANSIBLE_PRIVATE_ROLE_VARS", "defaults", "private_role_vars")?
                .map(|private| match private {
                    true => nafal_graph::Visibility::Private,
                    false => nafal_graph::Visibility::Public,
                }),
            remote_user: read.text("ANSIBLE_REMOTE_USER", "defaults", "remote_user"),
            remote_port: read.number("ANSIBLE_REMOTE_PORT", "defaults", "remote_port")?,
            pipelining: read.pipelining(),
            modules: modules::read(&read)?,
            private_key: read.text("ANSIBLE_PRIVATE_KEY_FILE", "defaults", "private_key_file"),
            transport: read.text("ANSIBLE_TRANSPORT", "defaults", "transport"),
            ssh: ssh::read(&read)?,
            becomes: read
                .flag("ANSIBLE_BECOME", "privilege_escalation", "become")?
                .unwrap_or(false),
            become_user: read.text("ANSIBLE_BECOME_USER", "privilege_escalation", "become_user"),
            become_method: read.text(
                "ANSIBLE_BECOME_METHOD",
                "privilege_escalation",
                "become_method",
            ),
            no_log: read.flag("ANSIBLE_NO_LOG", "defaults", "no_log")?.unwrap_or(false),
            debugger: read
                .flag("ANSIBLE_ENABLE_TASK_DEBUGGER", "defaults", "enable_task_debugger")?
                .unwrap_or(false),
            debugger_honours_ignored: read
                .flag(
                    "ANSIBLE_TASK_DEBUGGER_IGNORE_ERRORS",
                    "defaults",
                    "task_debugger_ignore_errors",
                )?
                .unwrap_or(true),
            any_errors_fatal: read
                .flag("ANSIBLE_ANY_ERRORS_FATAL", "defaults", "any_errors_fatal")?
                .unwrap_or(false),
            force_handlers: read
                .flag("ANSIBLE_FORCE_HANDLERS", "defaults", "force_handlers")?
                .unwrap_or(false),
            mismatch: collections::mismatch(&read),
            validates_groups: read
                .flag(
                    "ANSIBLE_VALIDATE_ACTION_GROUP_METADATA",
                    "defaults",
                    "validate_action_group_metadata",
                )?
                .unwrap_or(true),
            missing_handler_is_error: read
                .flag("ANSIBLE_ERROR_ON_MISSING_HANDLER", "defaults", "error_on_missing_handler")?
                .unwrap_or(true),
            inject_facts: read.flag(
                "ANSIBLE_INJECT_FACT_VARS",
                "defaults",
                "inject_facts_as_vars",
            )?,
            inject_invocation: read
                .flag("ANSIBLE_INJECT_INVOCATION", "defaults", "inject_invocation")?
                .unwrap_or(false),
            strategy: read
                .text("ANSIBLE_STRATEGY", "defaults", "strategy")
                .unwrap_or_else(|| "linear".to_owned()),
            force_color: read
                .flag("ANSIBLE_FORCE_COLOR", "defaults", "force_color")?
                .unwrap_or(false),
            no_color: read
                .flag("ANSIBLE_NOCOLOR", "defaults", "nocolor")?
                .unwrap_or(environment("NO_COLOR").is_some()),
            colors: ColorSettings::read(&read),
            run_tags: read.list("ANSIBLE_RUN_TAGS", "tags", "run"),
            skip_tags: read.list("ANSIBLE_SKIP_TAGS", "tags", "skip"),
            callbacks: CallbackSettings::read(&read, &home, &ansible_home)?,
            shown: ShownSettings::read(&read)?,
            verbosity: read.number("ANSIBLE_VERBOSITY", "defaults", "verbosity")?.unwrap_or(0),
            verbose_to_stderr: read
                .flag("ANSIBLE_VERBOSE_TO_STDERR", "defaults", "verbose_to_stderr")?
                .unwrap_or(false),
            retry_files: read
                .flag("ANSIBLE_RETRY_FILES_ENABLED", "defaults", "retry_files_enabled")?
                .unwrap_or(false),
            retry_folder: read.path(
                "ANSIBLE_RETRY_FILES_SAVE_PATH",
                "defaults",
                "retry_files_save_path",
            ),
            inventory: InventorySettings::read(&read)?,
            inventory_export: read
                .flag("ANSIBLE_INVENTORY_EXPORT", "inventory", "export")?
                .unwrap_or(false),
            localhost_warning: read
                .flag("ANSIBLE_LOCALHOST_WARNING", "defaults", "localhost_warning")?
                .unwrap_or(true),
            unparsed_warning: read
                .flag(
                    "ANSIBLE_INVENTORY_UNPARSED_WARNING",
                    "inventory",
                    "inventory_unparsed_warning",
                )?
                .unwrap_or(true),
            editor: read.program("EDITOR", "vi"),
            pager: read.program("PAGER", "less"),
            module_name: read
                .text("", "defaults", "module_name")
                .unwrap_or_else(|| "command".to_owned()),
            module_arguments: read
                .text("ANSIBLE_MODULE_ARGS", "defaults", "module_args")
                .unwrap_or_default(),
            task_timeout: read
                .number("ANSIBLE_TASK_TIMEOUT", "defaults", "task_timeout")?
                .unwrap_or(0),
            poll_interval: read
                .number("ANSIBLE_POLL_INTERVAL", "defaults", "poll_interval")?
                .unwrap_or(15),
            async_dir: read.text("ANSIBLE_ASYNC_DIR", "defaults", "async_dir"),
            interpreter: read.text("ANSIBLE_PYTHON_INTERPRETER", "defaults", "interpreter_python"),
            open_files: read.text(
                "ANSIBLE_PYTHON_MODULE_RLIMIT_NOFILE",
                "defaults",
                "python_module_rlimit_nofile",
            ),
            facts_modules: read.list("ANSIBLE_FACTS_MODULES", "defaults", "facts_modules"),
            strict_utf8: read
                .flag(
                    "ANSIBLE_MODULE_STRICT_UTF8_RESPONSE",
                    "defaults",
                    "module_strict_utf8_response",
                )?
                .unwrap_or(true),
            diff: read.flag("ANSIBLE_DIFF_ALWAYS", "diff", "always")?.unwrap_or(false),
            diff_context: read.number("ANSIBLE_DIFF_CONTEXT", "diff", "context")?.unwrap_or(3),
            deprecation_warnings: read
                .flag("ANSIBLE_DEPRECATION_WARNINGS", "defaults", "deprecation_warnings")?
                .unwrap_or(true),
            log: LogSettings::read(&read)?,
            ignored,
            deprecated: deprecated::told(environment, file),
            embedded_templates: read
                .flag("ANSIBLE_ALLOW_EMBEDDED_TEMPLATES", "defaults", "allow_embedded_templates")?
                .unwrap_or(true),
            extensions,
            broken_conditionals: read
                .flag("ANSIBLE_ALLOW_BROKEN_CONDITIONALS", "defaults", "allow_broken_conditionals")?
                .unwrap_or(false),
            managed: read
                .text("ANSIBLE_MANAGED_STR", "defaults", "ansible_managed")
                .unwrap_or_else(|| "Ansible managed".to_owned()),
            reading: ReadingSettings::read(&read)?,
            vault: vault(&read)?,
        })
    }
}

/// The user's own folder and the system's.
pub(super) fn default_paths(name: &str, ansible_home: &Path) -> Vec<PathBuf> {
    [ansible_home, Path::new("/usr/share/ansible")].iter().map(|root| root.join(name)).collect()
}

/// The folders of plugins in Python.
fn plugins(read: &Reader<'_>, ansible_home: &Path) -> Vec<(Kind, Vec<PathBuf>)> {
    let kinds = [Kind::Filter, Kind::Test, Kind::Lookup, Kind::Action];
    let folders = kinds.map(|kind| {
        let name = kind.name();
        let variable = format!("ANSIBLE_{}_PLUGINS", name.to_uppercase());
        let set = read.paths(&variable, "defaults", &format!("{name}_plugins"));
        (kind, set.unwrap_or_else(|| default_paths(&format!("plugins/{name}"), ansible_home)))
    });
    folders.to_vec()
}

fn vault(read: &Reader<'_>) -> Result<VaultSettings, Error> {
    let text = |variable: &str, key: &str| read.text(variable, "defaults", key);
    Ok(VaultSettings {
        identity: text("ANSIBLE_VAULT_IDENTITY", "vault_identity")
            .unwrap_or_else(|| "default".to_owned()),
        identity_list: read.list("ANSIBLE_VAULT_IDENTITY_LIST", "defaults", "vault_identity_list"),
        password_file: read.path("ANSIBLE_VAULT_PASSWORD_FILE", "defaults", "vault_password_file"),
        asks: read
            .flag("ANSIBLE_ASK_VAULT_PASS", "defaults", "ask_vault_pass")?
            .unwrap_or_default(),
        id_match: read
            .flag("ANSIBLE_VAULT_ID_MATCH", "defaults", "vault_id_match")?
            .unwrap_or(false),
        encrypt_identity: text("ANSIBLE_VAULT_ENCRYPT_IDENTITY", "vault_encrypt_identity"),
        encrypt_salt: text("ANSIBLE_VAULT_ENCRYPT_SALT", "vault_encrypt_salt"),
    })
}

fn gathering(read: &Reader<'_>) -> nafal_graph::Gathering {
    match read.text("ANSIBLE_GATHERING", "defaults", "gathering").as_deref() {
        Some("explicit") => nafal_graph::Gathering::Explicit,
        Some("smart") => nafal_graph::Gathering::Smart,
        // Others are refused before.
        _ => nafal_graph::Gathering::Implicit,
    }
}
