//! What `command` and `shell` give, as seen from stock.

use nafal_base::wire::{Surroundings, WireMode};
use nafal_base::{Dict, Outcome, Status, Value};

use super::*;

fn give(module: &Module, args: &[(&str, Value)], surroundings: Surroundings) -> Outcome {
    let args: Dict = args.iter().map(|(key, value)| (*key, value.clone())).collect();
    module.run(&args, &Ctx::plain("ansible.legacy.command", surroundings))
}

fn command(args: &[(&str, Value)]) -> Outcome {
    give(&COMMAND, args, Surroundings::default())
}

fn shell(text: &str) -> Outcome {
    give(&SHELL, &[("_raw_params", text.into())], Surroundings::default())
}

#[test]
fn a_commands_result() {
    let outcome = command(&[("_raw_params", "echo 'a  b' c".into())]);
    assert!(outcome.changed && outcome.is_good());
    assert_eq!(outcome.text("stdout"), Some("a  b c"));
    assert_eq!(outcome.values.get("cmd"), Some(&Value::from(vec!["echo", "a  b", "c"])));
    assert_eq!(outcome.values.get("stdout_lines"), Some(&Value::from(vec!["a  b c"])));
    assert_eq!(outcome.values.get("rc"), Some(&Value::Int(0)));
    assert_eq!(outcome.text("msg"), Some(""));
}

#[test]
fn variables_are_expanded_without_a_shell() {
    let surroundings = Surroundings {
        environment: vec![("HOME".into(), "/h".into()), ("A".into(), "b".into())],
        ..Surroundings::default()
    };
    let args = [("cmd", Value::from("echo $A ${A}x ~ $NOSUCH_"))];
    let outcome = give(&COMMAND, &args, surroundings.clone());
    assert_eq!(outcome.text("stdout"), Some("b bx /h $NOSUCH_"));
    let args = [("cmd", Value::from("echo $A ~")), ("expand_argument_vars", false.into())];
    assert_eq!(give(&COMMAND, &args, surroundings).text("stdout"), Some("$A ~"));
}

#[test]
fn failures() {
    let outcome = command(&[("cmd", "nosuchcmd 'x y'".into())]);
    assert_eq!(outcome.text("msg"), Some("Error executing command."));
    assert_eq!(outcome.text("cmd"), Some("nosuchcmd 'x y'"));
    assert_eq!(outcome.values.get("rc"), Some(&Value::Int(2)));
    assert_eq!(
        outcome.text("exception"),
        Some("[Errno 2] No such file or directory: b'nosuchcmd'")
    );
    let outcome = command(&[("cmd", "/etc/passwd".into())]);
    assert_eq!(outcome.values.get("rc"), Some(&Value::Int(13)));
    let outcome = shell("printf 'a\\n\\n'; printf 'e\\n' >&2; exit 3");
    assert!(outcome.changed && outcome.is_failed());
    assert_eq!((outcome.text("stdout"), outcome.text("stderr")), (Some("a"), Some("e")));
    assert_eq!(outcome.text("msg"), Some("The command exited with a non-zero return code."));
    assert_eq!(shell("kill -9 $$").values.get("rc"), Some(&Value::Int(-9)));
    let outcome = command(&[("cmd", "ls".into()), ("chdir", "/nope".into())]);
    assert_eq!(outcome.text("msg"), Some("Unable to change directory before execution."));
    assert_eq!(command(&[("cmd", "echo 'x".into())]).text("msg"), Some("No closing quotation"));
    let outcome = command(&[("argv", Value::from(Vec::<Value>::new()))]);
    assert_eq!(outcome.values.get("rc"), Some(&Value::Int(257)));
}

#[test]
fn creates_and_removes() {
    let outcome = command(&[("cmd", "ls".into()), ("creates", "/etc/pass*".into())]);
    assert!(!outcome.changed);
    assert_eq!(outcome.text("stdout"), Some("skipped, since /etc/pass* exists"));
    assert_eq!(outcome.text("msg"), Some("Did not run command since '/etc/pass*' exists"));
    let args = [("cmd", "ls".into()), ("creates", "passwd".into()), ("chdir", "/etc".into())];
    assert!(!command(&args).changed);
    let outcome = command(&[("cmd", "ls".into()), ("removes", "/nope".into())]);
    assert_eq!(outcome.text("msg"), Some("Did not run command since '/nope' does not exist"));
}

#[test]
fn check_mode_runs_nothing() {
    let check = Surroundings { mode: WireMode::Check, ..Surroundings::default() };
    let outcome = give(&COMMAND, &[("cmd", "nosuchcmd".into())], check.clone());
    assert_eq!((outcome.status, outcome.changed), (Status::Skipped, false));
    let args = [("cmd", "nosuchcmd".into()), ("creates", "/nope".into())];
    let outcome = give(&COMMAND, &args, check.clone());
    assert_eq!((outcome.status, outcome.changed), (Status::Ok, true));
    let args = [("cmd", "nosuchcmd".into()), ("creates", "/etc".into())];
    let outcome = give(&COMMAND, &args, check);
    assert_eq!(outcome.text("msg"), Some("Would not run command since '/etc' exists"));
}

#[test]
fn surroundings_reach_the_command() {
    let surroundings = Surroundings {
        folder: Some("/usr".into()),
        umask: Some(0o027),
        environment: vec![("FOO".into(), "1".into())],
        ..Surroundings::default()
    };
    let args = [("_raw_params", Value::from("pwd; umask; echo $FOO"))];
    let outcome = give(&SHELL, &args, surroundings.clone());
    assert_eq!(outcome.text("stdout"), Some("/usr\n0027\n1"));
    let outcome = give(&COMMAND, &[("cmd", "nosuchcmd".into())], surroundings);
    assert_eq!(outcome.values.get("rc"), Some(&Value::Int(2)));
}

#[test]
fn input_and_ends() {
    let args = [("cmd", "cat".into()), ("stdin", "a".into()), ("strip_empty_ends", false.into())];
    assert_eq!(command(&args).text("stdout"), Some("a\n"));
    let mut more = args.to_vec();
    more.push(("stdin_add_newline", false.into()));
    assert_eq!(command(&more).text("stdout"), Some("a"));
    let argv = [("argv", Value::from(vec!["echo", "a b"])), ("_uses_shell", true.into())];
    assert_eq!(command(&argv).text("stdout"), Some("a b"));
}

#[test]
fn too_much_output_is_told() {
    let surroundings = Surroundings {
        environment: vec![("NAFAL_OUTPUT_LIMIT".into(), "1000".into())],
        ..Surroundings::default()
    };
    let args = [("_raw_params", Value::from("head -c 5000 /dev/zero"))];
    let outcome = give(&SHELL, &args, surroundings);
    assert!(outcome.is_failed() && outcome.changed);
    assert!(outcome.text("msg").unwrap().contains("5000 bytes to stdout, more than the 1000"));
}
