//! Modules in Python under the warm process: found in `library/`, packed, run, and nothing left of one
//! for the next. A stand-in for ansible-core's module_utils is enough: the tests need no ansible-core.

#![allow(clippy::unwrap_used)] // helpers of tests are tests, too

use std::fs;
use std::path::Path;
use std::process::Command;

/// As much of `ansible.module_utils.basic` as the modules here use.
const BASIC: &str = r#"
import json, sys
_ANSIBLE_ARGS = None
class AnsibleModule:
    def __init__(self, argument_spec, **_):
        everything = json.loads(_ANSIBLE_ARGS)['ANSIBLE_MODULE_ARGS']
        self.params = {name: everything.get(name) for name in argument_spec}
        self.check_mode = everything['_ansible_check_mode']
    def exit_json(self, **result):
        print(json.dumps(result))
        sys.exit(0)
    def fail_json(self, **result):
        print(json.dumps(dict(result, failed=True)))
        sys.exit(1)
"#;

/// Says what it finds, then spoils all that it can.
const SPOILS: &str = r#"#!/usr/bin/python
import os, sys
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils import basic, mine
module = AnsibleModule(argument_spec=dict(word={}))
mask = os.umask(0o77)
found = dict(word=module.params['word'], mask=oct(mask), spoiled='SPOILED' in os.environ, given=os.environ.get('GIVEN'),
             attribute=hasattr(basic, 'spoiled'), parent=os.getppid(), mine=mine.VALUE, check=module.check_mode, folder=os.getcwd())
os.environ['SPOILED'] = '1'
basic.spoiled = True
os.chdir('/')
module.exit_json(changed=True, **found)
"#;

const PLAYBOOK: &str = r#"
- hosts: localhost
  gather_facts: false
  tasks:
    - spoils: {word: one}
      environment: {GIVEN: x}
      register: first
    - spoils: {word: two}
      check_mode: true
      register: second
    - assert:
        quiet: true
        that:
          - first.word == 'one' and second.word == 'two'
          - first.given == 'x' and second.given is none
          - not second.spoiled and not second.attribute
          - first.mask == second.mask and first.folder == second.folder
          - first.parent == second.parent
          - first.mine == 7 and not first.check and second.check
    - fails: {}
      ignore_errors: true
      register: failed
    - assert: {quiet: true, that: [failed.msg == 'it said so']}
    - crashes: {}
"#;

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("core/ansible/module_utils/__init__.py", "");
    write("core/ansible/module_utils/basic.py", BASIC);
    write("module_utils/mine.py", "VALUE = 7\n");
    write("library/spoils.py", SPOILS);
    let head = "from ansible.module_utils.basic import AnsibleModule\nmodule = AnsibleModule(argument_spec={})\n";
    write("library/fails.py", &format!("{head}module.fail_json(msg='it said so')\n"));
    write("library/crashes.py", &format!("{head}raise ValueError('boom')\n"));
    write("site.yml", PLAYBOOK);
    folder
}

fn run(folder: &Path, core: &str) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_nafal"))
        .args(["playbook", "-i", "localhost,", "-c", "local", "site.yml"])
        .current_dir(folder)
        .env_remove("ANSIBLE_CONFIG")
        .env("ANSIBLE_NOCOLOR", "1")
        .env("HOME", folder)
        // No other Python than the system's, and none that has ansible-core.
        .env("PATH", "/usr/bin:/bin")
        .env("NAFAL_ANSIBLE_CORE", folder.join(core))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (text + &String::from_utf8_lossy(&output.stderr), output.status.code())
}

#[test]
fn one_process_and_nothing_left_between() {
    let folder = project();
    let (text, code) = run(folder.path(), "core");
    assert!(text.contains("ok=5 ") && text.contains("failed=1 "), "{text}");
    // The last one has a traceback instead of a result.
    assert!(text.contains("ValueError: boom") && code == Some(2), "{text}");
    let bundles = fs::read_dir(folder.path().join(".cache/nafal/python")).unwrap();
    // The stand-in, module_utils/ and three modules: each once, and nothing half done.
    assert_eq!(
        bundles
            .filter(|entry| !entry.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'))
            .count(),
        5
    );
}

#[test]
fn without_ansible_core_the_message_says_what_to_do() {
    let folder = project();
    let (text, code) = run(folder.path(), "nowhere");
    assert_eq!(code, Some(2));
    assert!(
        text.contains("needs ansible-core's module_utils")
            && text.contains("pip install ansible-core"),
        "{text}"
    );
}
