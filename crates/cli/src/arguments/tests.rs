//! What stock's command lines mean.

use std::ffi::OsString;

use nafal_base::event::Mode;
use nafal_engine::Request;

use super::*;

fn words(line: &str) -> Vec<OsString> {
    line.split_whitespace().map(OsString::from).collect()
}

fn playbook(line: &str) -> Request {
    let arguments: Playbook = parse("ansible-playbook", &words(line)).unwrap();
    arguments.request(Secrets::default())
}

fn adhoc(line: &[&str]) -> AdHoc {
    let words: Vec<OsString> = line.iter().map(OsString::from).collect();
    parse("ansible", &words).unwrap()
}

/// How a line that can't be run ends.
fn early(line: &str) -> Early {
    parse::<Playbook>("ansible-playbook", &words(line)).unwrap_err()
}

#[test]
fn short_and_long_names_are_the_same() {
    let short = "-i a -i b, -l web -e x=1 -e @f.yml -t one,two -C -D -f 7 -vvv -b -u me -c local -T 9 p.yml q.yml";
    let long = "--inventory a --inventory-file b, --limit web --extra-vars x=1 --extra-vars=@f.yml \
                --tags one --tags two --check --diff --forks 7 --verbose --verbose -v --become \
                --user me --connection local --timeout 9 p.yml q.yml";
    let request = playbook(short);
    assert_eq!(format!("{request:?}"), format!("{:?}", playbook(long)));
    assert_eq!(request.inventories, ["a", "b,"]);
    assert_eq!(request.extra_vars, ["x=1", "@f.yml"]);
    assert_eq!(request.tags, ["one", "two"]);
    assert_eq!((request.mode, request.diff, request.forks), (Mode::Check, true, Some(7)));
    assert_eq!(request.verbosity, 3);
    assert_eq!(request.playbooks.len(), 2);
    assert!(request.connection.becomes);
    assert_eq!(request.connection.timeout, Some(9));
}

#[test]
fn the_last_of_several_counts() {
    let request = playbook("p.yml -f 1 --forks 2 -l a -l b -C -C -b --become -u x --user y");
    assert_eq!(request.forks, Some(2));
    assert_eq!(request.limit.as_deref(), Some("b"));
    assert_eq!(request.connection.user.as_deref(), Some("y"));
}

#[test]
fn names_may_be_cut_as_with_argparse() {
    let request = playbook("p.yml --inv h, --lim h --extra a=1 --skip x --force-h");
    assert_eq!(request.inventories, ["h,"]);
    assert_eq!(request.limit.as_deref(), Some("h"));
    assert_eq!(request.skip_tags, ["x"]);
    assert!(request.force_handlers);
}

#[test]
fn arguments_of_ssh_may_begin_with_a_dash() {
    let arguments: Playbook = parse(
        "ansible-playbook",
        &[
            "p.yml",
            "--ssh-common-args",
            "-o ProxyCommand=x",
            "--ssh-extra-args=-R 1:h:2",
            "--scp-extra-args",
            "-l 9",
        ]
        .map(OsString::from),
    )
    .unwrap();
    let connection = arguments.request(Secrets::default()).connection;
    assert_eq!(connection.ssh_common_args.as_deref(), Some("-o ProxyCommand=x"));
    assert_eq!(connection.ssh_extra_args.as_deref(), Some("-R 1:h:2"));
}

#[test]
fn list_tags_tells_of_never() {
    assert_eq!(playbook("p.yml --list-tags").tags, ["all", "never"]);
    assert_eq!(playbook("p.yml --list-tags -t a").tags, ["a"]);
    assert!(playbook("p.yml --list-tags --skip-tags a").tags.is_empty());
    assert!(playbook("p.yml --list-tasks").tags.is_empty());
}

#[test]
fn ad_hoc() {
    let arguments = adhoc(&["-i", "h,", "all"]);
    let task = arguments.task(&settings());
    assert_eq!(
        (task.pattern.as_str(), task.module.as_str(), task.arguments.as_str()),
        ("all", "command", "")
    );
    let arguments = adhoc(&["web:!w1", "-m", "shell", "-a", "-x; ls -l", "--become-user", "you"]);
    assert_eq!(arguments.task(&settings()).arguments, "-x; ls -l");
    let request = arguments.request(Secrets::default());
    assert_eq!(request.connection.become_user.as_deref(), Some("you"));
    assert!(!request.connection.becomes);
}

#[test]
fn wrong_usage() {
    let lines = [
        "",
        "--nosuch p.yml",
        "p.yml -i",
        "p.yml --forks many",
        "p.yml -f 0",
        "p.yml -f -3",
        "p.yml --list",
        "p.yml -k --connection-password-file x",
        "p.yml -K --become-pass-file x",
        "p.yml -T soon",
        "-V",
    ];
    for line in lines {
        assert!(matches!(early(line), Early::Wrong(_)), "{line}");
    }
    let Early::Wrong(text) = early("p.yml -f 0") else { panic!("no fault") };
    assert!(text.contains("The number of processes (--forks) must be >= 1"));
}

#[test]
fn help_and_version() {
    assert_eq!(early("--version"), Early::Version);
    let Early::Help(text) = early("-h") else { panic!("no help") };
    assert!(text.contains("Usage: ansible-playbook [OPTIONS] <playbook>..."), "{text}");
}

#[test]
fn what_ad_hoc_runs_have_of_their_own() {
    let arguments = adhoc(&["all", "--playbook-dir", "x"]);
    let folder = arguments.playbook_dir.playbook_dir;
    assert_eq!(folder.as_deref(), Some(std::path::Path::new("x")));
    let arguments = adhoc(&["all", "-B", "9", "-P", "2", "--task-timeout", "3"]);
    let background = arguments.background;
    let given = (background.background, background.poll, background.task_timeout);
    assert_eq!(given, (Some(9), Some(2), Some(3)));
}

/// The settings where nobody sets anything.
fn settings() -> nafal_engine::Settings {
    nafal_engine::Settings::from(&|_| None, &nafal_engine::ConfigFile::default()).unwrap()
}
