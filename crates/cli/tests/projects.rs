//! The example projects below playbooks/, run over ssh on throw-away copies of this machine: each
//! host is a sandbox of its own with an sshd. Only root can make those.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod observe;
// The cases use more of it.
#[allow(dead_code)]
#[path = "cases/sandbox.rs"]
mod sandbox;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use observe::eventually;
use sandbox::Sandbox;

/// What can go wrong with a sandbox.
pub type Fault = Box<dyn std::error::Error>;

/// A machine that is nobody else's, with an sshd that takes the project's key.
struct Host {
    sandbox: Sandbox,
    server: Child,
    address: String,
    port: u16,
}

impl Host {
    /// The number gives it an address on loopback; work is a folder of its own.
    fn boot(number: usize, work: &Path, key: &Path) -> Host {
        fs::create_dir_all(work).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
        let sandbox = Sandbox::make(&root.join("tests/sandbox"), work, &[]).unwrap();
        let address = format!("127.0.0.{}", 20 + number);
        let port = free_port(&address);
        fs::copy(key.with_extension("pub"), work.join("authorized")).unwrap();
        new_key(&work.join("host"));
        let at = work.display();
        let configuration = format!(
            "Port {port}\nListenAddress {address}\nHostKey {at}/host\nAuthorizedKeysFile {at}/authorized\n\
             PidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n\
             SetEnv SHLVL=1 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
        );
        fs::write(work.join("config"), configuration).unwrap();
        let server = sandbox
            .command(work)
            // Nothing here is systemd: without this link the host doesn't look as if something were.
            .args([
                "sh",
                "-c",
                "rm -f /sbin/init && mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e -f config",
            ])
            .stdin(Stdio::null())
            .stderr(fs::File::create(work.join("log")).unwrap())
            .spawn()
            .unwrap();
        let host = Host { sandbox, server, address, port };
        eventually("sshd listens", || TcpStream::connect((host.address.as_str(), port)).is_ok());
        host
    }

    fn out(&self, work: &Path, line: &str) -> String {
        let output = self.sandbox.command(work).args(["sh", "-c", line]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A key without a passphrase, and its public half beside it.
fn new_key(path: &Path) {
    let made =
        Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path).status();
    assert!(made.unwrap().success());
}

/// Sandboxes share the machine's network: several runs of this test may be under way.
fn free_port(address: &str) -> u16 {
    TcpListener::bind((address, 0)).unwrap().local_addr().unwrap().port()
}

/// A copy of a project, and its hosts.
struct Project {
    /// Where its application listens, and where its front does.
    ports: [u16; 2],
    // Its hosts end before their folders go.
    hosts: Vec<Host>,
    folder: tempfile::TempDir,
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &target),
            false => assert!(fs::copy(&path, &target).unwrap() > 0),
        }
    }
}

impl Project {
    /// None for whoever can't have sandboxes. `first` keeps the addresses of tests apart.
    fn prepare(name: &str, hosts: &[&str], first: usize) -> Option<Project> {
        if !sandbox::is_possible() {
            println!("not tested: only root can make sandboxes");
            return None;
        }
        let folder = tempfile::Builder::new().prefix("nafal-project-").tempdir().unwrap();
        let key = folder.path().join("key");
        new_key(&key);
        let projects = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks");
        copy(&projects.join(name), &folder.path().join("project"));
        let ports = [first, first + 1].map(|host| free_port(&format!("127.0.0.{}", 20 + host)));
        let mut project = Project { ports, hosts: Vec::new(), folder };
        let mut inventory = String::from("[all]\n");
        for (number, host) in hosts.iter().enumerate() {
            let booted = Host::boot(first + number, &project.work(number), &key);
            inventory += &format!(
                "{host} ansible_host={} ansible_port={} ansible_ssh_private_key_file={} application_port={} \
                 front_port={} ansible_ssh_common_args='-F /dev/null -o StrictHostKeyChecking=no \
                 -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR'\n",
                booted.address,
                booted.port,
                key.display(),
                ports[0],
                ports[1]
            );
            project.hosts.push(booted);
        }
        fs::write(project.folder.path().join("own"), inventory).unwrap();
        Some(project)
    }

    fn work(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("host{number}"))
    }

    /// What a host answers to a line of shell.
    fn out(&self, number: usize, line: &str) -> String {
        self.hosts[number].out(&self.work(number), line)
    }

    /// Runs site.yml; gives what was said.
    fn run(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_nafal"))
            .args(["playbook", "-i", "inventory", "-i", "../own", "site.yml"])
            .args(arguments)
            .current_dir(self.folder.path().join("project"))
            .env("ANSIBLE_NOCOLOR", "1")
            .env("NAFAL_ANSIBLE_CORE", "/nonexistent")
            .env_remove("ANSIBLE_CONFIG")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }
}

/// The recap's numbers of changes, host by host.
fn changes(said: &str) -> Vec<u32> {
    let recap = said.split("PLAY RECAP").nth(1).unwrap();
    let counts = recap.lines().filter_map(|line| line.split_once("changed="));
    counts.map(|(_, rest)| rest.split_whitespace().next().unwrap().parse().unwrap()).collect()
}

#[test]
fn a_web_server_with_its_application() {
    let Some(project) = Project::prepare("webserver", &["web1", "web2", "web3"], 1) else { return };
    let front = project.ports[1];
    let first = project.run(&["--diff"]);
    assert!(changes(&first).iter().all(|count| *count > 0), "{first}");
    assert!(!first.contains("correct horse"), "the token is shown: {first}");
    let second = project.run(&["--diff"]);
    assert_eq!(changes(&second), [0, 0, 0], "{second}");
    let configuration = project.out(1, "cat /srv/notes/configuration.json");
    assert!(configuration.contains("correct horse battery staple"), "{configuration}");
    assert_eq!(
        project.out(1, "stat -c '%U %G %a' /srv/notes/configuration.json"),
        "root notes 640\n"
    );
    let tried = project.run(&["--check", "--diff", "--limit", "front", "-e", "front_port=19999"]);
    assert!(
        tried.contains(&format!("-    listen 127.0.0.21:{front};\n+    listen 127.0.0.21:19999;")),
        "{tried}"
    );
    assert!(project.out(0, "cat /etc/nginx/sites-available/notes").contains(&format!(":{front};")));
    let newer = project.run(&["-e", "application_version=1.3.0"]);
    assert_eq!(project.out(2, "readlink /srv/notes/current"), "releases/1.3.0\n", "{newer}");
    assert!(
        project
            .out(0, "ls -l /etc/nginx/sites-enabled")
            .contains("notes -> ../sites-available/notes")
    );
}

#[test]
fn a_hardened_server() {
    let Some(project) = Project::prepare("hardening", &["server1"], 11) else { return };
    let before =
        project.out(0, "cat /etc/login.defs /etc/ssh/sshd_config; ls /etc/sysctl.d; id operator");
    let tried = project.run(&["--check", "--diff"]);
    assert!(changes(&tried)[0] > 5, "{tried}");
    assert!(tried.contains("+PermitRootLogin prohibit-password"), "{tried}");
    assert!(tried.contains("+kernel.kptr_restrict = 2"), "{tried}");
    assert!(!tried.contains("$6$"), "a hash is shown: {tried}");
    let after =
        project.out(0, "cat /etc/login.defs /etc/ssh/sshd_config; ls /etc/sysctl.d; id operator");
    assert_eq!(before, after, "check mode changed something");
    let applied = project.run(&[]);
    assert!(changes(&applied)[0] > 5, "{applied}");
    assert!(project.out(0, "id operator").contains("administrators"));
    assert!(project.out(0, "getent shadow operator").contains("$6$nafalexample$"));
    assert_eq!(
        project.out(0, "sshd -T -f /etc/ssh/sshd_config | grep -i '^maxauthtries'"),
        "maxauthtries 4\n"
    );
    assert_eq!(project.out(0, "stat -c %a /etc/ssh/sshd_config"), "600\n");
    let silent = project.run(&["--check", "--diff"]);
    assert_eq!(changes(&silent), [0], "{silent}");
}
