//! All connections of a run: machines and agents, each opened once however many ask for it, and
//! ended together. Must not know how they are opened.

use std::ffi::OsStr;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tempfile::TempDir;

use crate::agent::Agent;
use crate::binary::{Agents, Sources};
use crate::fault::Fault;
use crate::install::{self, Installer, Scripts};
use crate::local::{self, LocalScripts};
use crate::slots::Slots;
use crate::ssh::{Machine, Means, Runtime};
use crate::target::{Identity, Kind, SshOptions, Target};
use crate::told::{Telling, Told};

/// The longest time between two attempts to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What differs between programs.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The agent's binary, when it isn't the usual one.
    pub agent: Option<PathBuf>,
    /// The program that calls [`crate::askpass::answer`]; this executable when None.
    pub askpass: Option<PathBuf>,
    /// An agent for this architecture that this executable carries; empty when it carries none.
    pub carried: &'static [u8],
    /// What a `nafal-agent` beside this executable must contain to be of the same build.
    pub stamp: Option<&'static str>,
}

/// What an agent is for; one of this machine has a folder to run in.
type AgentKey = (Kind, Identity, Option<Arc<Path>>);

/// The connections of a run.
#[derive(Default)]
pub struct Connections {
    askpass: Option<PathBuf>,
    installer: Installer,
    agents: Slots<AgentKey, Agent>,
    /// Where modules of this machine run.
    folder: Mutex<Option<Arc<Path>>>,
    machines: Slots<SshOptions, Machine>,
    shared: Mutex<Shared>,
    told: Told,
    names: AtomicU64,
}

/// What connections over ssh have in common, made when the first one is opened.
#[derive(Default)]
struct Shared {
    runtime: Option<Arc<Runtime>>,
    folder: Option<Arc<TempDir>>,
}

impl Connections {
    /// None is open yet.
    pub fn new() -> Connections {
        Connections::default()
    }

    /// None is open yet, and not everything is the usual one.
    pub fn with_options(options: Options) -> Connections {
        let Options { agent: named, askpass, carried, stamp } = options;
        let mut connections = Connections::default();
        connections.askpass = askpass;
        connections.installer = Installer::new(Agents::new(Sources { named, carried, stamp }));
        connections
    }

    /// From now on what is started for connections is told ([`Connections::take_told`]).
    pub fn tell(&self) {
        self.told.start();
    }

    /// Lines about what was started since the last time, in stock's form. None unless they are wanted.
    pub fn take_told(&self) -> Vec<String> {
        self.told.take()
    }

    /// The agent on this target's machine with its identity. Opened now if it isn't, and again
    /// when it was lost.
    pub fn agent(&self, target: &Target) -> Result<Arc<Agent>, Fault> {
        let folder = (target.kind == Kind::Local).then(|| self.folder()).flatten();
        let key = (target.kind.clone(), target.identity.clone(), folder.clone());
        self.agents.get(&key, |agent| !agent.is_lost(), || self.open(target, folder))
    }

    /// From now on modules of this machine run in this folder: the playbook's, as in stock (case
    /// `local-folder`). One that isn't there is passed by.
    pub fn enter(&self, folder: &Path) {
        let folder = folder.is_dir().then(|| Arc::from(folder));
        *self.folder.lock().unwrap_or_else(PoisonError::into_inner) = folder;
    }

    fn folder(&self) -> Option<Arc<Path>> {
        self.folder.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn open(&self, target: &Target, folder: Option<Arc<Path>>) -> Result<Agent, Fault> {
        let machine = target.kind.machine();
        let mut carrier = None;
        let started = match (&target.kind, &target.identity) {
            (Kind::Local, identity) => {
                let binary = self
                    .installer
                    .agents()
                    .here()
                    .map_err(|error| Fault::own(machine, "this executable", &error))?;
                if *identity == Identity::Login {
                    let agent =
                        Agent::begin(machine, local::start(&binary, folder.as_deref())?, None)?;
                    self.told.local(agent.user(), &[binary.as_os_str(), OsStr::new("agent")]);
                    return Ok(agent);
                }
                let local = LocalScripts { folder };
                let scripts = self.telling(&local, None);
                match install::start_in_place(&scripts, identity, &binary)? {
                    Some(started) => started,
                    None => self.installer.start(&scripts, identity)?,
                }
            }
            (Kind::Ssh(options), identity) => {
                let start = |machine: &Arc<Machine>| {
                    let scripts = self.telling(machine.as_ref(), Some(&options.address));
                    self.installer.start(&scripts, identity)
                };
                let machine = self.machine(options)?;
                match start(carrier.insert(machine)) {
                    // It was going away just then: ssh takes a moment to end with its connection.
                    Err(Fault::Lost { .. }) => {
                        carrier.as_ref().inspect(|machine| machine.close());
                        let machine = self.machine(options)?;
                        start(carrier.insert(machine))?
                    }
                    started => started?,
                }
            }
        };
        Agent::begin(machine, started, carrier)
    }

    fn telling<'a>(&'a self, scripts: &'a dyn Scripts, address: Option<&'a str>) -> Telling<'a> {
        Telling { scripts, told: &self.told, address }
    }

    fn machine(&self, options: &SshOptions) -> Result<Arc<Machine>, Fault> {
        self.machines.get(options, Machine::is_there, || {
            let failed = |error: std::io::Error| Fault::Unreachable {
                address: options.address.clone(),
                reason: error.to_string(),
            };
            let (runtime, folder) = self.shared().map_err(failed)?;
            let askpass = match &self.askpass {
                Some(program) => program.clone(),
                None => std::env::current_exe().map_err(failed)?,
            };
            let name = self.names.fetch_add(1, Ordering::Relaxed).to_string();
            let (folder, askpass, told) = (folder.path(), askpass.as_path(), &self.told);
            let mut attempt = 0;
            loop {
                let runtime = Arc::clone(&runtime);
                let means =
                    Means { folder, name: format!("{name}.{attempt}"), askpass, runtime, told };
                match Machine::connect(options, means) {
                    Err(Fault::Unreachable { .. }) if attempt < options.retries => {
                        // As stock: at once, then after 1, 3, 7 … seconds.
                        let pause =
                            Duration::from_secs((1 << attempt.min(5)) - 1).min(LONGEST_PAUSE);
                        attempt += 1;
                        told.retry(options, attempt, pause);
                        std::thread::sleep(pause);
                    }
                    connected => return connected,
                }
            }
        })
    }

    fn shared(&self) -> std::io::Result<(Arc<Runtime>, Arc<TempDir>)> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let runtime = match &shared.runtime {
            Some(runtime) => Arc::clone(runtime),
            None => Arc::clone(shared.runtime.insert(Arc::new(Runtime::new()?))),
        };
        let folder = match &shared.folder {
            Some(folder) => Arc::clone(folder),
            // Short: a socket's path has room for about a hundred characters. Whoever can
            // open a socket in it commands the machine: it is for this user alone.
            None => Arc::clone(
                shared.folder.insert(Arc::new(
                    tempfile::Builder::new()
                        .prefix("nafal-")
                        .permissions(Permissions::from_mode(0o700))
                        .tempdir_in("/tmp")?,
                )),
            ),
        };
        Ok((runtime, folder))
    }

    /// Cancels every request that is under way; their outcomes still come.
    pub fn cancel_all(&self) {
        for agent in self.agents.open() {
            agent.cancel_all();
        }
    }

    /// Forgets all connections, so that the next task opens them anew. What is under way goes on.
    pub fn reset(&self) {
        drop(self.agents.take());
        drop(self.machines.take());
    }

    /// Closes what is open to a machine, so that the next who asks opens it anew. This machine
    /// has nothing to close.
    pub fn forget(&self, kind: &Kind) {
        let Kind::Ssh(options) = kind else { return };
        for agent in self.agents.take_where(|(own, _, _)| own == kind) {
            agent.close();
        }
        for machine in self.machines.take_where(|own| *own == **options) {
            machine.close();
        }
    }

    /// Ends the agents that became this user on a machine, unless they are at work: an account with
    /// processes can't be changed.
    pub fn leave(&self, kind: &Kind, user: &str) {
        let agents = self.agents.take_where(|(own, identity, _)| {
            own == kind && matches!(identity, Identity::Become(other) if other.user == user)
        });
        for agent in agents.iter().filter(|agent| agent.is_idle()) {
            agent.close();
        }
    }

    /// Ends all agents and masters, side by side. Nothing of them is left afterwards.
    pub fn close(&self) {
        let agents = self.agents.take();
        std::thread::scope(|scope| {
            for agent in &agents {
                scope.spawn(|| agent.close());
            }
        });
        drop(agents);
        let machines = self.machines.take();
        std::thread::scope(|scope| {
            for machine in &machines {
                scope.spawn(|| machine.close());
            }
        });
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.folder = None;
    }
}

impl Drop for Connections {
    fn drop(&mut self) {
        self.close();
    }
}
