//! Which binaries serve as agents: on this machine, and on targets by their architecture. Must not
//! know how one gets to a target.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use flate2::Compression;
use flate2::read::GzEncoder;
use sha2::{Digest, Sha256};

/// The variable of the environment that names another agent.
const VARIABLE: &str = "NAFAL_AGENT";

/// Where agents come from, beside this executable, which can always serve on its own architecture.
/// An agent is started with the argument `agent`, which `nafal-agent` ignores and `nafal`
/// understands.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The one file that is used, whatever it is.
    pub named: Option<PathBuf>,
    /// An agent for this architecture that this executable carries; empty when it carries none.
    pub carried: &'static [u8],
    /// The stamp of this executable's modules, which an agent beside it must have too.
    pub stamp: Option<&'static str>,
}

/// A binary that can be sent.
#[derive(Clone, Debug)]
pub enum Binary {
    /// A file.
    File(PathBuf),
    /// Bytes that this executable carries.
    Carried(&'static [u8]),
}

/// A binary with what tells it from others.
#[derive(Clone, Debug)]
pub struct Agent {
    /// What is sent.
    pub binary: Binary,
    /// In bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal.
    pub hash: String,
    /// The same made smaller, once however many targets want it.
    small: OnceLock<Result<Vec<u8>, String>>,
}

impl Sources {
    fn named(&self) -> Option<PathBuf> {
        let variable = || std::env::var_os(VARIABLE).filter(|path| !path.is_empty());
        self.named.clone().or_else(|| variable().map(PathBuf::from))
    }

    /// The file that serves on this machine.
    pub fn here(&self) -> io::Result<PathBuf> {
        self.named().map_or_else(std::env::current_exe, Ok)
    }

    /// What serves on Linux of this architecture, as `uname -m` says it. None when there is none.
    fn for_architecture(&self, architecture: &str) -> io::Result<Option<Binary>> {
        if let Some(path) = self.named() {
            return Ok(Some(Binary::File(path)));
        }
        let is_own = architecture == std::env::consts::ARCH;
        if is_own && !self.carried.is_empty() {
            return Ok(Some(Binary::Carried(self.carried)));
        }
        let own = std::env::current_exe()?;
        let names =
            [Some(format!("nafal-agent-{architecture}")), is_own.then(|| "nafal-agent".into())];
        for name in names.into_iter().flatten() {
            let beside = own.with_file_name(name);
            if self.is_of_this_build(&beside) {
                return Ok(Some(Binary::File(beside)));
            }
        }
        Ok(is_own.then_some(Binary::File(own)))
    }

    /// Whether a file has the same modules: an older one would lack some that the controller
    /// knows. Its time says little: linkers and packagers write files in any order.
    fn is_of_this_build(&self, file: &Path) -> bool {
        let (Some(stamp), Ok(bytes)) = (self.stamp, std::fs::read(file)) else {
            return false;
        };
        let (stamp, mut rest) = (stamp.as_bytes(), bytes.as_slice());
        let Some(first) = stamp.first() else { return false };
        while let Some(at) = rest.iter().position(|byte| byte == first) {
            rest = rest.get(at..).unwrap_or_default();
            if rest.starts_with(stamp) {
                return true;
            }
            rest = rest.get(1..).unwrap_or_default();
        }
        false
    }
}

impl Binary {
    /// Its bytes, from the beginning.
    pub fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(match self {
            Binary::File(path) => Box::new(File::open(path).map_err(|error| {
                io::Error::new(error.kind(), format!("{}: {error}", path.display()))
            })?),
            Binary::Carried(bytes) => Box::new(*bytes),
        })
    }

    fn identify(self) -> io::Result<Agent> {
        let mut bytes = self.open()?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 18];
        let mut size = 0_u64;
        loop {
            let count = bytes.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            size += count as u64;
            hasher.update(&buffer[..count]);
        }
        let hash = hex::encode(hasher.finalize());
        Ok(Agent { binary: self, size, hash, small: OnceLock::new() })
    }
}

impl Agent {
    /// Its file's name on a target.
    pub fn name(&self) -> &str {
        self.hash.get(..32).unwrap_or(&self.hash)
    }

    /// What a target is told of it: name, size and checksum.
    pub fn words(&self) -> String {
        format!("{} {} {}", self.name(), self.size, self.hash)
    }

    /// Its bytes as gzip makes them, for a network may be slow; else why they can't be read. Whoever
    /// comes second waits for the first.
    pub fn small(&self) -> Result<&[u8], String> {
        let made = self.small.get_or_init(|| {
            let mut small = Vec::new();
            let bytes = self.binary.open().map_err(|error| error.to_string())?;
            GzEncoder::new(bytes, Compression::fast())
                .read_to_end(&mut small)
                .map_err(|error| error.to_string())?;
            Ok(small)
        });
        made.as_deref().map_err(Clone::clone)
    }
}

/// What is known of an architecture: its agent, none, or why it can't be read.
type Known = Result<Option<Arc<Agent>>, String>;

/// Agents by architecture, each read once however many targets want it.
#[derive(Debug, Default)]
pub struct Agents {
    sources: Sources,
    known: Mutex<HashMap<String, Known>>,
}

impl Agents {
    /// None is read yet.
    pub fn new(sources: Sources) -> Agents {
        Agents { sources, known: Mutex::default() }
    }

    /// The file that serves on this machine.
    pub fn here(&self) -> io::Result<PathBuf> {
        self.sources.here()
    }

    /// The agent for Linux of an architecture; None when there is none, else why it can't be read.
    pub fn get(&self, architecture: &str) -> Known {
        let architecture = if architecture == "arm64" { "aarch64" } else { architecture };
        // Held while it is read: many threads want the same one, and at the same time.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(agent) = known.get(architecture) {
            return agent.clone();
        }
        let found = self.sources.for_architecture(architecture);
        let agent =
            found.and_then(|binary| Ok(binary.map(Binary::identify).transpose()?.map(Arc::new)));
        let agent = agent.map_err(|error| format!("its binary can't be read: {error}"));
        known.insert(architecture.to_owned(), agent.clone());
        agent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_architecture_has_its_own() {
        let sources = Sources { carried: b"agent", ..Sources::default() };
        let agents = Agents::new(sources);
        let own = agents.get(std::env::consts::ARCH).unwrap().unwrap();
        assert!(matches!(own.binary, Binary::Carried(_)) && own.size == 5);
        assert_eq!(own.name().len(), 32);
        assert!(agents.get("riscv64").unwrap().is_none());
        let named = Sources { named: Some("/nosuch/agent".into()), ..Sources::default() };
        let fault = Agents::new(named).get("riscv64").unwrap_err();
        assert!(fault.contains("/nosuch/agent"), "{fault}");
    }

    #[test]
    fn a_stamp_is_found_anywhere() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("agent");
        let sources = Sources { stamp: Some("stamp:12"), ..Sources::default() };
        assert!(!sources.is_of_this_build(&file));
        for (text, is_found) in [("sstamp:12s", true), ("stamp:13 stamp:", false)] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(sources.is_of_this_build(&file), is_found);
        }
        assert!(!Sources::default().is_of_this_build(&file));
    }
}
