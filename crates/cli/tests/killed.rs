//! A module that is killed at any of its writes leaves the old file or the new one: each task below runs under
//! strace, which kills the agent at the first call of a name, then at the second, and so on until it isn't hit.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whatever changes a file or its name.
const CALLS: &str = "write,pwrite64,writev,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,\
                     fsync,fdatasync,ftruncate,copy_file_range,sendfile,fchmod,fchmodat,fchown,fchownat";

/// Tasks ahead of the one that is looked at, of which each is a write of the agent.
const AHEAD: usize = 3;

/// More calls than any of these tasks makes.
const MOST: usize = 200;

const OLD: &str = "# old\n[old]\nname = before\n";

/// Tasks that change `F`, and may read `S`; `K` is the folder of `F`.
const TASKS: &[&str] = &[
    "lineinfile: {path: F, line: added}",
    "lineinfile: {path: F, line: added, backup: true}",
    "blockinfile: {path: F, block: added}",
    "replace: {path: F, regexp: before, replace: after}",
    "copy: {content: \"after\\n\", dest: F}",
    "copy: {content: \"{{ 'after' * 400000 }}\", dest: F, backup: true}",
    "copy: {src: S/one, dest: F, remote_src: true, mode: '0640'}",
    "template: {src: S/one, dest: F, mode: '0600'}",
    "assemble: {src: S, dest: F, remote_src: true}",
    "known_hosts: {path: F, name: example.org, key: 'example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1p'}",
    "get_url: {url: 'file://S/one', dest: F, force: true}",
    "file: {src: S/one, dest: F, state: link, force: true}",
    "archive: {path: S/one, dest: F, format: tar}",
    "ini_file: {path: F, section: one, option: name, value: after}",
    "ini_file: {path: F, section: one, option: name, value: after, backup: true}",
    "ansible.posix.sysctl: {sysctl_file: F, name: nafal.nosuch, value: 1, reload: false}",
    "ansible.posix.mount: {fstab: F, path: /nosuch/place, src: tmpfs, fstype: tmpfs, state: present}",
    "ansible.posix.authorized_key: {user: root, path: F, manage_dir: false, key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1p one'}",
    "cron: {cron_file: F, name: one, user: root, job: /bin/true}",
];

/// Tasks that name their file themselves, that file, and the folder of the system's in whose place `K` is.
const NAMED: &[(&str, &str, Option<&str>)] = &[
    (
        "yum_repository: {name: one, description: one, baseurl: 'http://127.0.0.1:9', reposdir: K}",
        "one.repo",
        None,
    ),
    (
        "deb822_repository: {name: one, uris: 'http://127.0.0.1:9', suites: stable, components: main}",
        "one.sources",
        Some("/etc/apt/sources.list.d"),
    ),
    (
        "apt_repository: {repo: 'deb http://127.0.0.1:9 stable main', filename: one, update_cache: false}",
        "one.list",
        Some("/etc/apt/sources.list.d"),
    ),
    ("hostname: {name: after.example, use: sles}", "HOSTNAME", Some("/etc")),
    ("community.general.timezone: {name: Europe/Vienna}", "timezone", Some("/etc")),
    ("community.general.locale_gen: {name: de_DE.UTF-8}", "locale.gen", Some("/etc")),
    ("community.general.modprobe: {name: one, persistent: present}", "one.conf", Some(LOADED)),
];

/// Where the kernel's modules of each boot stand; which are loaded now says a file of the kernel's that may be missing.
const LOADED: &str = "/etc/modules-load.d";

/// A `/proc` where a kernel's module is loaded.
const PROC: &str = "mkdir -p KERNEL && mount -t proc proc KERNEL && mount -t tmpfs tmpfs /proc && \
    for name in KERNEL/[a-z]*; do ln -s $name /proc/; done && rm -f /proc/modules && \
    echo one 16384 0 - Live 0x0000000000000000 >/proc/modules && ";

/// What would change the system itself, or take long: it does nothing here.
const STAND_INS: &[&str] = &["dpkg-reconfigure", "locale-gen", "modprobe"];

/// A folder for one task.
struct Place {
    folder: tempfile::TempDir,
    file: PathBuf,
    instead: Option<&'static str>,
}

impl Place {
    fn new(task: &str, name: &str, instead: Option<&'static str>) -> Place {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kept").join(name);
        let place = Place { folder, file, instead };
        let folder = place.folder.path();
        fs::create_dir(folder.join("source")).unwrap();
        fs::write(folder.join("source/one"), "# new\nname = after\n").unwrap();
        fs::create_dir(folder.join("kept")).unwrap();
        fs::create_dir(folder.join("tools")).unwrap();
        for tool in STAND_INS {
            std::os::unix::fs::symlink("/bin/true", folder.join("tools").join(tool)).unwrap();
        }
        let shown = |name: &str| folder.join(name).display().to_string();
        let task = task.replace("S/", &format!("{}/", shown("source")));
        let task = task.replace("src: S,", &format!("src: {},", shown("source")));
        let task = task.replace(": F", &format!(": {}", shown("kept/file")));
        let task = task.replace(": K", &format!(": {}", shown("kept")));
        // Only so that the agent is started by what stands for sudo below: it stays root's.
        let head = "hosts: all\n  gather_facts: false\n  become: true\n  become_user: nobody";
        let play = format!("- {head}\n  tasks:\n{}    - {task}\n", "    - ping:\n".repeat(AHEAD));
        fs::write(folder.join("play.yml"), play).unwrap();
        place
    }

    /// Writes the old file and runs the task under strace with these options; tells what strace saw, whether the
    /// agent was killed, and what is there afterwards.
    fn run(&self, options: &str) -> Left {
        let folder = self.folder.path();
        let file = &self.file;
        let _ = fs::remove_file(file);
        fs::write(file, OLD).unwrap();
        let sudo = folder.join("sudo");
        let script = format!(
            "#!/bin/sh\nPATH={folder}/tools:$PATH\nwhile [ \"$1\" != /bin/sh ]; do shift; done\n\
             exec {inside} strace -f -qq -o {folder}/trace -e trace={CALLS} {options} \"$@\"\n",
            folder = folder.display(),
            inside = self.inside()
        );
        fs::write(&sudo, script).unwrap();
        fs::set_permissions(&sudo, fs::Permissions::from_mode(0o755)).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_nafal"))
            .args(["playbook", "-i", "localhost,", "-c", "local", "play.yml"])
            .current_dir(folder)
            .env("ANSIBLE_BECOME_EXE", &sudo)
            .env_remove("ANSIBLE_CONFIG")
            .output()
            .unwrap();
        let trace = fs::read_to_string(folder.join("trace")).unwrap_or_default();
        let was_killed = trace.contains("killed by SIGKILL");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(was_killed || output.status.success(), "{options}: {said}\n{trace}");
        Left { trace, was_killed, content: content(file) }
    }

    /// What puts the kept folder in the place of the system's, for the task alone.
    fn inside(&self) -> String {
        let Some(instead) = self.instead else { return String::new() };
        let kept = self.folder.path().join("kept");
        let kernel = self.folder.path().join("kernel").display().to_string();
        let proc = if instead == LOADED { PROC.replace("KERNEL", &kernel) } else { String::new() };
        let mount = format!("mount --bind {} {instead} && {proc}exec \"$@\"", kept.display());
        format!("unshare --mount --uts sh -c '{mount}' sh")
    }
}

/// What a run left.
struct Left {
    trace: String,
    was_killed: bool,
    content: String,
}

impl Left {
    /// The calls that were made.
    fn calls(&self) -> BTreeSet<&str> {
        let names =
            self.trace.lines().filter_map(|line| line.split_whitespace().nth(1)?.split_once('('));
        names
            .map(|(name, _)| name)
            .filter(|name| CALLS.split(',').any(|call| call == *name))
            .collect()
    }
}

fn content(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| format!("{error}"))
}

#[test]
fn the_old_file_or_the_new_one() {
    let may = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    let is_root = rustix::process::geteuid().is_root();
    if !is_root || !may.is_ok_and(|status| status.success()) {
        println!("not tested: it needs root, and a strace that may trace");
        return;
    }
    let simple = TASKS.iter().map(|task| (*task, "file", None));
    for (task, name, instead) in simple.chain(NAMED.iter().copied()) {
        if instead.is_some_and(|folder| !Path::new(folder).is_dir()) {
            println!("{task}: not tested here, there is no such folder");
            continue;
        }
        let place = Place::new(task, name, instead);
        let whole = place.run("");
        assert_ne!(whole.content, OLD, "{task} changes nothing");
        let mut kills = 0;
        for call in whole.calls() {
            // strace counts each thread's calls of a name. The agent's main thread writes twice, before the task: with
            // what the tasks ahead write, only the thread that runs them comes further.
            let first = if call == "write" { AHEAD + 1 } else { 1 };
            for number in first..MOST {
                let left = place.run(&format!("-e inject={call}:signal=KILL:when={number}"));
                let is_whole = left.content == OLD || left.content == whole.content;
                assert!(is_whole, "{task}, killed at {call} {number}, leaves {:.80}", left.content);
                if !left.was_killed {
                    break;
                }
                kills += 1;
            }
        }
        println!("{task}: {kills} kills");
        // A link is made in three calls.
        assert!(kills >= 3, "{task} writes somewhere");
    }
}
