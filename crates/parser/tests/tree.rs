//! What the tree holds: actions in all the ways to write them, lists, roles, spans, and that all
//! faults of a file come at once.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests, too

use nafal_base::{Source, Value};
use nafal_parser::playbook::ast::{Entry, Item, LoopSource, Task};
use nafal_parser::{
    ActionSyntax, Actions, Error, TasksKind, load_variables, parse_playbook, parse_role_meta,
    parse_tasks,
};

struct Known;

impl Actions for Known {
    fn syntax(&self, name: &str) -> Option<ActionSyntax> {
        match name.strip_prefix("ansible.builtin.").unwrap_or(name) {
            "command" | "shell" => Some(ActionSyntax::FreeForm),
            "debug" | "copy" | "meta" => Some(ActionSyntax::Named),
            _ => None,
        }
    }

    fn names(&self) -> Vec<&str> {
        vec!["command", "copy", "debug", "meta", "shell"]
    }
}

fn tasks(text: &str) -> Vec<Item> {
    parse_tasks(&Source::new("t.yml", text), TasksKind::Tasks, &Known).unwrap().0
}

fn task(text: &str) -> Task {
    match tasks(text).pop() {
        Some(Item::Task(task)) => *task,
        other => panic!("{other:?}"),
    }
}

fn check_action(text: &str, expect: &str) {
    let action = task(text).action;
    let args = Value::Dict(action.args).repr();
    let raw = action.raw.as_deref().unwrap_or("-").to_owned();
    let local = if action.local { " local" } else { "" };
    assert_eq!(format!("{} {args} {raw}{local}", action.name), expect, "{text}");
}

#[test]
fn actions() {
    check_action("- debug:", "debug {} -");
    check_action("- debug: msg=hi var='a b'", "debug {'msg': 'hi', 'var': 'a b'} -");
    check_action("- debug: {msg: hi}", "debug {'msg': 'hi'} -");
    check_action("- ansible.builtin.copy: src=a b", "ansible.builtin.copy {'src': 'a'} b");
    check_action("- shell: echo a=b chdir=/x", "shell {'chdir': '/x'} echo a=b");
    check_action("- action: command ls -l creates=/y", "command {'creates': '/y'} ls -l");
    check_action("- local_action: debug msg=1", "debug {'msg': '1'} - local");
    check_action("- action: {module: debug, msg: 1}", "debug {'msg': 1} -");
    check_action("- debug: msg=1\n  args: {var: x, msg: 2}", "debug {'var': 'x', 'msg': '1'} -");
    check_action("- include_tasks: a.yml", "include_tasks {} a.yml");
    check_action("- include_role: name=r", "include_role {'name': 'r'} -");
    check_action("- copy: \"{{ x }}\"", "copy {} {{ x }}");
    let template = task("- debug:\n  args: \"{{ x }}\"").action.args_template.unwrap();
    assert!(template.is_template());
}

#[test]
fn task_keywords() {
    let task = task(
        "- name: n\n  when: [a, b]\n  tags: x, y\n  with_items: [1]\n  register: r\n  \
         notify: h\n  changed_when: false\n  become: true\n  loop_control: {loop_var: z}\n  \
         debug: msg=1\n",
    );
    assert_eq!(task.span.to_string(), "t.yml:1:3");
    assert_eq!(task.action.span.to_string(), "t.yml:10:3");
    assert_eq!(task.keywords.when.len(), 2);
    assert_eq!(Value::from(task.keywords.tags).repr(), "['x', 'y']");
    assert_eq!(task.changed_when.unwrap(), [Value::Bool(false)]);
    assert_eq!(task.keywords.r#become.unwrap().span.unwrap().to_string(), "t.yml:8:11");
    assert_eq!(task.loop_control.loop_var.unwrap().source.as_str(), Some("z"));
    assert!(
        matches!(task.repeat.unwrap().source, LoopSource::Lookup { name, .. } if name == "items")
    );
}

#[test]
fn blocks() {
    let mut items = tasks("- block:\n    - debug:\n    -\n  rescue: []\n  when: x\n- debug:\n");
    assert_eq!(items.len(), 2);
    let Item::Block(block) = items.remove(0) else { panic!() };
    assert_eq!((block.block.len(), block.has_rescue), (1, true));
}

#[test]
fn roles_and_imports() {
    let text = "- import_playbook: a.yml\n  when: x\n- hosts: [a, b]\n  user: me\n  roles:\n    \
                - one\n    - {role: two, port: 22, when: y, tasks_from: z, param: '{{ p }}'}\n";
    let (playbook, _) = parse_playbook(&Source::new("p.yml", text), &Known).unwrap();
    let [Entry::Import(import), Entry::Play(play)] = &playbook.entries[..] else { panic!() };
    assert_eq!((import.file.source.as_str(), import.keywords.when.len()), (Some("a.yml"), 1));
    assert_eq!(play.keywords.remote_user.as_ref().unwrap().source.as_str(), Some("me"));
    assert_eq!(play.roles[0].name.source.as_str(), Some("one"));
    assert_eq!(play.roles[1].span.to_string(), "p.yml:7:7");
    let params = Value::Dict(play.roles[1].params.clone()).repr();
    assert_eq!(params, "{'tasks_from': 'z', 'param': '{{ p }}'}");
}

#[test]
fn role_metadata() {
    let text = "allow_duplicates: yes\ndependencies: [a, {role: b, x: 1}]\ncollections: [c.d]\n";
    let (meta, _) = parse_role_meta(&Source::new("m.yml", text), "r", &Known).unwrap();
    assert!(meta.allow_duplicates);
    assert_eq!((meta.dependencies.len(), meta.collections.len()), (2, 1));
    let error = |text: &str| {
        let errors = parse_role_meta(&Source::new("m.yml", text), "q", &Known).unwrap_err();
        errors[0].to_string()
    };
    assert_eq!(error("- 1"), "the 'meta/main.yml' for role q is not a dictionary");
    assert_eq!(error("foo: 1"), "'foo' is not a valid attribute for a RoleMetadata");
    assert_eq!(error("dependencies: foo"), "Expected role dependencies to be a list.");
}

#[test]
fn files_of_tasks() {
    let fault = |text: &str, kind| {
        let errors = parse_tasks(&Source::new("a.yml", text), kind, &Known).unwrap_err();
        let diagnostic = errors[0].diagnostic();
        format!("{} {}", diagnostic.span.unwrap(), diagnostic.message)
    };
    assert_eq!(
        fault("a: 1", TasksKind::Tasks),
        "a.yml:1:1 included task files must contain a list of tasks"
    );
    assert_eq!(
        fault("- include_tasks: {file: a, foo: 1}", TasksKind::Tasks),
        "a.yml:1:3 Invalid options for include_tasks: foo"
    );
    assert_eq!(
        fault("- import_tasks: a\n  loop: [1]", TasksKind::Tasks),
        "a.yml:1:3 You cannot use loops on 'import_tasks' statements. You should use \
         'include_tasks' instead."
    );
    assert_eq!(
        fault("- include_role: {name: r}", TasksKind::Handlers),
        "a.yml:1:3 Using 'include_role' as a handler is not supported."
    );
    let source = Source::new("a.yml", "# nothing\n");
    let (items, warnings) = parse_tasks(&source, TasksKind::Tasks, &Known).unwrap();
    assert!(items.is_empty() && warnings.is_empty());
    let source = Source::new("a.yml", "- debug:\n  listen: [a, b]\n");
    let (items, _) = parse_tasks(&source, TasksKind::Handlers, &Known).unwrap();
    assert!(matches!(&items[0], Item::Task(task) if task.listen.len() == 2));
}

#[test]
fn all_faults_at_once() {
    let text = "- hosts: all\n  foo: 1\n  tasks:\n    - debgu: msg=1\n    - debug:\n      \
                becom: yes\n    - name: x\n- gather_fact: no\n  tasks: x\n";
    let errors = parse_playbook(&Source::new("p.yml", text), &Known).unwrap_err();
    let shown: Vec<String> = errors
        .iter()
        .map(|error| format!("{} {}", error.span().unwrap(), error.hint().unwrap_or("-")))
        .collect();
    assert_eq!(
        shown,
        [
            "p.yml:2:3 -",
            "p.yml:4:7 Did you mean 'debug'?",
            "p.yml:5:7 'becom' is neither a keyword nor an action. Did you mean 'become'?",
            "p.yml:7:7 Name a module: `ansible.builtin.debug:`.",
            "p.yml:8:3 Did you mean 'gather_facts'?",
            "p.yml:8:3 -",
            "p.yml:8:3 Start each task with `- `.",
        ]
    );
}

#[test]
fn variables() {
    let load = |text: &str| load_variables(&Source::new("v.yml", text));
    assert!(load("").unwrap().0.is_empty());
    assert!(load("---\n# nothing\n").unwrap().0.is_empty());
    let (vars, _) = load("{\"a\": \"{{ b }}\", \"c\": [1]}").unwrap();
    assert!(vars.marks().contains(nafal_base::Marks::TEMPLATE));
    assert!(matches!(load("- a").unwrap_err()[0], Error::NotVariables { .. }));
    let (vars, _) = load("a: !unsafe ['{{ b }}', {c: '{{ d }}'}]\n").unwrap();
    assert!(!vars.get("a").unwrap().has_template());
    let (vars, _) = load("a: !vault x\n").unwrap();
    assert!(matches!(vars.get("a"), Some(nafal_base::Value::Str(text)) if text.is_vault()));
    let errors = load("a: !vault [x]\nb: !vault [y]\n").unwrap_err();
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[1].span().unwrap().to_string(), "v.yml:2:4");
}

#[test]
fn aliases_and_depth_have_limits() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let list = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    let words =
        |text: String| load_variables(&Source::new("v.yml", text)).unwrap_err()[0].to_string();
    assert!(words(bomb).contains("Aliases stand for more than"));
    assert!(words("[".repeat(100_000)).contains("nest deeper"));
    // The colon in that line is no mistake.
    assert!(words(format!("a: {}", "[".repeat(1000))).contains("nest deeper"));
}

#[test]
fn large_files_load_in_one_pass() {
    let time = |lines: usize| {
        let text: String =
            (0..lines).map(|n| format!("name_{n}: \"value {n} {{{{ x }}}}\"\n")).collect();
        let source = Source::new("v.yml", text);
        let start = std::time::Instant::now();
        assert_eq!(load_variables(&source).unwrap().0.len(), lines);
        start.elapsed()
    };
    let (small, large) = (time(10_000), time(100_000));
    println!("10,000 lines {small:?}, 100,000 lines {large:?}");
    assert!(large < small * 40, "{small:?} {large:?}");
}
