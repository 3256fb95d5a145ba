//! What settings and variables say of modules on targets: where their files are, whether they stay, which tracebacks
//! are told. Must not know how they get there.

use nafal_base::wire::{Afterwards, ModuleFile};
use nafal_base::{Scope, Value};
use nafal_templating::Renderer;
use nafal_variables::{Pipelining, TaskScope};

/// Where modules' files and temporary folders are when nobody says otherwise.
const REMOTE_TMP: &str = "~/.ansible/tmp";

/// What the settings say of modules on targets.
#[derive(Clone, Debug, Default)]
pub struct ModuleSettings {
    /// `remote_tmp`, where no variable says so.
    pub remote_tmp: Option<String>,
    /// `keep_remote_files`.
    pub afterwards: Afterwards,
    /// `max_diff_size`: how many bytes a file may have whose difference is shown.
    pub diff_limit: Option<u64>,
    /// `display_traceback`: of which kinds of messages modules tell theirs.
    pub tracebacks: Vec<&'static str>,
}

impl ModuleSettings {
    /// The folder of modules' files on this host.
    pub fn remote_tmp_of(&self, host: &dyn Scope, renderer: &Renderer<'_>) -> String {
        let named = host.get("ansible_remote_tmp");
        let named = named.and_then(|value| renderer.render_string(&value).ok());
        named.or_else(|| self.remote_tmp.clone()).unwrap_or_else(|| REMOTE_TMP.to_owned())
    }

    /// The file that a module runs from on this host. Stock makes one wherever pipelining isn't on; here somebody must
    /// have said that it is off, or that files are kept (case `module-files`): a file for each task that nobody looks
    /// at would only cost time.
    pub fn file(
        &self,
        host: &TaskScope,
        renderer: &Renderer<'_>,
        pipelining: Option<Pipelining>,
    ) -> Option<ModuleFile> {
        let is_wanted = self.afterwards == Afterwards::Kept
            || match host.given_pipelining() {
                Some(value) => !is_on(&value, renderer),
                None => pipelining == Some(Pipelining::Off),
            };
        is_wanted.then(|| ModuleFile {
            folder: self.remote_tmp_of(host, renderer),
            afterwards: self.afterwards,
        })
    }
}

/// What is no bool, or can't be rendered, asks for nothing.
fn is_on(value: &Value, renderer: &Renderer<'_>) -> bool {
    renderer.render(value).ok().and_then(|value| value.to_bool()).unwrap_or(true)
}
