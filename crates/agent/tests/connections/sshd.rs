//! A real sshd on a free loopback port, as the current user, with keys of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use nafal_base::HostName;
use nafal_connection::{Identity, Kind, SshOptions, Target};
use tempfile::TempDir;

pub struct Sshd {
    folder: TempDir,
    port: u16,
    child: Child,
}

fn sshd_binary() -> Option<PathBuf> {
    ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"]
        .iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
}

fn make_key(path: &Path) {
    let status = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(path)
        .stdin(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}

impl Sshd {
    /// Starts it. The home is one that only these tests have: the agent's copy stays there.
    pub fn start() -> Sshd {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");
        std::fs::create_dir_all(&home).unwrap();
        Sshd::with_home(&home)
    }

    /// Starts it. A machine without sshd can't say that connections work.
    pub fn with_home(home: &Path) -> Sshd {
        let Some(binary) = sshd_binary() else {
            panic!("these tests need sshd (install openssh-server)");
        };
        let folder = tempfile::Builder::new().prefix("nafal-sshd-").tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        make_key(&at("host"));
        make_key(&at("key"));
        std::fs::copy(at("key.pub"), at("authorized")).unwrap();
        if rustix::process::geteuid().is_root() {
            // sshd as root wants this folder for its unprivileged half.
            std::fs::create_dir_all("/run/sshd").unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        // A bash that sshd starts reads the user's `.bashrc`, which may take long, unless SHLVL is
        // set.
        let configuration = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\n\
             PidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n\
             KbdInteractiveAuthentication no\nPermitRootLogin yes\nMaxStartups 200\n\
             MaxSessions 50\nAcceptEnv LC_*\nSetEnv SHLVL=1 HOME={}\n",
            at("host").display(),
            at("authorized").display(),
            home.display()
        );
        std::fs::write(at("config"), configuration).unwrap();
        let child = Command::new(binary)
            .args(["-D", "-f"])
            .arg(at("config"))
            .stderr(std::fs::File::create(at("log")).unwrap())
            .arg("-e")
            .spawn()
            .unwrap();
        let sshd = Sshd { folder, port, child };
        super::eventually("sshd listens", || {
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        sshd
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn options(&self) -> SshOptions {
        SshOptions {
            address: "127.0.0.1".into(),
            port: Some(self.port),
            user: None,
            private_key: Some(self.folder.path().join("key").display().to_string()),
            ssh_args: None,
            common_args: Some(
                "-F /dev/null -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR".into(),
            ),
            extra_args: None,
            executable: None,
            host_key_checking: false,
            retries: 0,
            timeout: 10,
            password: None,
        }
    }

    /// A machine of its own by name: connections differ in all that ssh is told.
    pub fn target_named(&self, name: &str) -> Target {
        let common = format!(
            "-F /dev/null -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o HostKeyAlias={name}"
        );
        let options = SshOptions { common_args: Some(common), ..self.options() };
        Target { host: HostName::from(name), kind: Kind::Ssh(Box::new(options)), ..self.target() }
    }

    pub fn target(&self) -> Target {
        Target {
            host: HostName::from("h1"),
            kind: Kind::Ssh(Box::new(self.options())),
            identity: Identity::Login,
        }
    }

    /// The processes that serve its connections.
    pub fn sessions(&self) -> Vec<String> {
        let output = Command::new("ps").args(["-eo", "pid,ppid"]).output().unwrap();
        let own = self.child.id().to_string();
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .filter_map(|line| {
                let mut words = line.split_whitespace();
                let (pid, parent) = (words.next()?, words.next()?);
                (parent == own).then(|| pid.to_owned())
            })
            .collect()
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
