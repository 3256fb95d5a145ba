//! Which binary serves as agent. Must not know how it gets to a target.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The variable of the environment that names another agent.
const VARIABLE: &str = "NAFAL_AGENT";

/// The agent's binary. It is always started with the argument `agent`, which `nafal-agent` ignores
/// and `nafal` understands.
#[derive(Clone, Debug)]
pub struct Binary {
    /// The file.
    pub path: PathBuf,
}

impl Binary {
    /// The one that was named, else a `nafal-agent` beside this executable that is not older than
    /// it, else this executable.
    pub fn choose(named: Option<&Path>) -> io::Result<Binary> {
        if let Some(path) = named {
            return Ok(Binary { path: path.to_owned() });
        }
        if let Some(path) = std::env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
            return Ok(Binary { path: path.into() });
        }
        let own = std::env::current_exe()?;
        let beside = own.with_file_name("nafal-agent");
        Ok(Binary { path: if is_current(&beside, &own) { beside } else { own } })
    }

    /// Its size and SHA-256.
    pub fn identify(&self) -> io::Result<Identified> {
        let mut file = std::fs::File::open(&self.path)?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 18];
        let mut size = 0_u64;
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            size += count as u64;
            hasher.update(&buffer[..count]);
        }
        Ok(Identified { size, hash: hex::encode(hasher.finalize()) })
    }
}

/// Whether `beside` is there and was not built before this executable: an older one would lack
/// modules that the controller knows.
fn is_current(beside: &Path, own: &Path) -> bool {
    let built = |path: &Path| std::fs::metadata(path).and_then(|metadata| metadata.modified());
    match (built(beside), built(own)) {
        (Ok(agent), Ok(controller)) => agent >= controller,
        _ => false,
    }
}

/// What tells one agent's binary from another.
#[derive(Clone, Debug)]
pub struct Identified {
    /// In bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal.
    pub hash: String,
}

impl Identified {
    /// Its file's name on a target.
    pub fn name(&self) -> &str {
        self.hash.get(..32).unwrap_or(&self.hash)
    }
}
