//! Brings an ansible-core into nafal's data folder, for modules in Python: from PyPI, or from a file that
//! somebody fetched. Must not know how it is used.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nafal_base::Diagnostic;
use nafal_modules::http::{self, Options, Proxies};
use nafal_plugins::{AnsibleCore, InstallError, WHEEL};

use crate::error::Error;

/// How long a step of the download may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the wheel comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WheelSource {
    /// PyPI, by the address that this version of nafal knows.
    PyPi,
    /// A file, or another address.
    Named(String),
}

/// Fetches the wheel and unpacks it; the folder of the package `ansible`.
pub fn install_python(from: &WheelSource) -> Result<PathBuf, Error> {
    let wheel = match from {
        WheelSource::PyPi => download(WHEEL)?,
        WheelSource::Named(name) if name.contains("://") => download(name)?,
        WheelSource::Named(name) => fs::read(name).map_err(|error| Error::ReadFile {
            path: Path::new(name).to_owned(),
            reason: error.to_string(),
        })?,
    };
    AnsibleCore::install(&wheel).map(|core| core.package).map_err(|error| {
        let diagnostic = Diagnostic::error(error.to_string());
        let hint = "`pip download --no-deps ansible-core==2.21.5` brings it";
        let is_other = matches!(error, InstallError::OtherFile { .. });
        Error::load(if is_other { diagnostic.hint(hint) } else { diagnostic }, 1)
    })
}

fn download(url: &str) -> Result<Vec<u8>, Error> {
    let options = Options {
        timeout: PATIENCE,
        proxies: Proxies::from_environment(|name| env::var(name).ok()),
        ..Options::default()
    };
    let refused = |reason: String| {
        let diagnostic = Diagnostic::error(format!("{url} can't be fetched: {reason}"));
        let hint = "fetch the wheel elsewhere and name it: `nafal python install --from FILE`";
        Error::load(diagnostic.hint(hint), 1)
    };
    let request = http::Request::get(url);
    let mut response =
        http::fetch(&request, &options).map_err(|error| refused(error.to_string()))?;
    if response.is_error() {
        return Err(refused(response.message()));
    }
    response.read().map_err(|error| refused(error.to_string()))
}
