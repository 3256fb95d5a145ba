"""The rows: what work each one is. Every row writes playbooks and an inventory into a folder; nothing here runs anything."""
from __future__ import annotations

import dataclasses
import os
import pathlib
import subprocess
import sys
from typing import Callable


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    title: str
    write: Callable[["Work"], None]
    forks: int = 5
    slow: bool = False
    needs_ssh: bool = False
    warm: bool = False                  # keep ssh's connections from one run to the next
    per: int = 0                        # with `base`: (main play - base play) / per is the cost of one
    arguments: tuple[str, ...] = ()     # instead of a playbook
    tool: str = "playbook"              # whose they are: ansible-TOOL, nafal TOOL
    own_only: bool = False              # a quarter of an hour and more with ansible-core: only with --all
    same_output: bool = False           # a row that prints: both sides the same
    smallest: bool = False              # a row of milliseconds: many runs


class Work:
    """A folder that a row fills: inventory, play.yml (and base.yml for a cost by difference), out/ for what tasks write."""

    def __init__(self, folder: pathlib.Path, servers=None):
        self.folder, self.servers, self.out = folder, servers, folder / "out"
        folder.mkdir(parents=True)

    def file(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def hosts(self, names, variables: str = "ansible_connection=local") -> None:
        lines = ["[all]", *names, "", "[all:vars]", variables, f"ansible_python_interpreter={sys.executable}", ""]
        self.file("inventory", "\n".join(lines))

    def play(self, tasks: list[str], head: str = "", name: str = "play.yml") -> None:
        lines = ["- hosts: all", "  gather_facts: false", *(f"  {line}" for line in head.splitlines()), "  tasks:"]
        for task in tasks:
            first, *rest = task.splitlines()
            lines += [f"    - {first}", *(f"      {line}" for line in rest)]
        self.file(name, "\n".join([*lines, ""]))


VARIABLES = """vars:
  base: /srv/app
  version: 1.4.2
  port: 8080
  url: "http://{{ inventory_hostname }}:{{ port }}{{ base }}"
  users: [{name: ann, uid: 1001, groups: [wheel]}, {name: bob, uid: 1002, groups: []}, {name: cid, uid: 1003, groups: [wheel, dev]}]
  settings: {debug: "{{ port > 1024 }}", path: "{{ base }}/conf", workers: 4}"""


def debug(number: int) -> str:
    return (f"name: Show {number}\ndebug:\n"
            f"  msg: \"{number} {{{{ url }}}} {{{{ version.split('.') | first | int + {number} }}}} "
            "{{ users | selectattr('uid', 'gt', 1001) | map(attribute='name') | join(',') }} "
            "{{ settings.path }} {{ nosuch | default('none') }}\"")


def one_debug(number: int) -> str:
    return f"debug:\n  msg: \"{number} on {{{{ inventory_hostname }}}} with {{{{ settings.workers }}}}\""


def debugs(work: Work) -> None:
    work.hosts(["localhost"])
    work.play([debug(n) for n in range(200)], VARIABLES)


def loop(work: Work) -> None:
    work.hosts(["localhost"])
    work.play(["debug:\n  msg: \"{{ item }} of {{ url }} {{ item is divisibleby 2 }}\"\nloop: \"{{ range(1000) | list }}\""], VARIABLES)


def grow(work: Work) -> None:
    work.hosts(["localhost"])
    work.play(["set_fact:\n  grown: \"{{ grown | default([]) + [{'id': item, 'url': url}] }}\"\nloop: \"{{ range(300) | list }}\"",
               "assert:\n  that: grown | length == 300"], VARIABLES)


def commands(work: Work) -> None:
    work.hosts(["localhost"])
    work.play([f"name: Command {n}\ncommand: /bin/echo {n} {{{{ version }}}}\nregister: said" for n in range(100)], VARIABLES)


def files(work: Work) -> None:
    work.hosts(["localhost"])
    work.play([f"file:\n  path: {work.out}/d{n}\n  state: directory\n  mode: '0750'" for n in range(100)], VARIABLES)


def templates(work: Work) -> None:
    work.hosts(["localhost"])
    lines = ["# {{ url }}"]
    for n in range(0, 196, 7):
        lines += [f"server_{n} = {{{{ port + {n} }}}};", "{% for user in users %}", f"user {{{{ user.name }}}} {{{{ user.uid }}}} {n};",
                  "{% endfor %}", "{% if settings.debug %}", f"level_{n} debug {{{{ version | replace('.', '_') }}}}", "{% endif %}"]
    work.file("site.j2", "\n".join([*lines[:200], ""]))
    work.play([f"template:\n  src: site.j2\n  dest: {work.out}/site{n}.conf\n  mode: '0644'\nvars:\n  number: {n}" for n in range(50)], VARIABLES)


def includes(work: Work) -> None:
    work.hosts(["localhost"])
    work.file("included.yml", "- debug:\n    msg: \"{{ number }} {{ url }}\"\n- set_fact:\n    last: \"{{ number }}\"\n")
    work.play([f"include_tasks: included.yml\nvars:\n  number: {n}" for n in range(100)], VARIABLES)


def hosts(work: Work) -> None:
    work.hosts([f"host{n:03}" for n in range(100)])
    four = ["set_fact:\n  token: \"{{ inventory_hostname }}-{{ version }}-NUMBER\"",
            "debug:\n  msg: \"{{ token }} {{ url }} {{ users | length }}\"",
            "assert:\n  that:\n    - token is search(version)\n    - port > NUMBER",
            "debug:\n  msg: not shown\nwhen: token == 'x' or settings.debug | bool and port < NUMBER"]
    work.play([task.replace("NUMBER", str(n)) for n in range(4) for task in four], VARIABLES)


def host_commands(work: Work) -> None:
    work.hosts([f"host{n:03}" for n in range(100)])
    work.play([f"command: /bin/echo {n} {{{{ inventory_hostname }}}}" for n in range(4)], VARIABLES)


def ten_thousand(work: Work) -> None:
    work.hosts([f"host{n:05}" for n in range(10_000)])
    work.play([one_debug(0)], VARIABLES)


def over_ssh(work: Work) -> None:
    work.hosts(work.servers.inventory_lines(20), work.servers.inventory_variables())
    work.play([f"command: /bin/echo {n} {{{{ inventory_hostname }}}}" for n in range(10)], VARIABLES)


def repeated(task: str, hosts: Callable[[Work], None]) -> Callable[[Work], None]:
    def write(work: Work) -> None:
        hosts(work)
        work.play([task], name="base.yml")
        work.play([task] * 51)
    return write


def this_machine(work: Work) -> None:
    work.hosts(["localhost"])


def one_over_ssh(work: Work) -> None:
    work.hosts(work.servers.inventory_lines(1), work.servers.inventory_variables())


def host_task(count: int, tasks: int) -> Callable[[Work], None]:
    def write(work: Work) -> None:
        work.hosts([f"host{n:05}" for n in range(count)])
        work.play([one_debug(0)], VARIABLES, "base.yml")
        work.play([one_debug(n) for n in range(1 + tasks)], VARIABLES)
    return write


def variables(count: int) -> Callable[[Work], None]:
    def write(work: Work) -> None:
        work.hosts(["localhost"])
        many = "\n".join(f"  var_{n:04}: \"value {n} of {{{{ base }}}}\"\n  list_{n:04}: [{n}, {{name: item{n}}}]" for n in range(count // 2))
        work.play([debug(0)], f"{VARIABLES}\n{many}", "base.yml")
        work.play([debug(n) for n in range(101)], f"{VARIABLES}\n{many}")
    return write


def roles(work: Work) -> None:
    work.hosts(["localhost"])
    some_roles(work, 50)
    work.file("play.yml", "\n".join(["- hosts: all", "  gather_facts: false", *(f"  {line}" for line in VARIABLES.splitlines()), "  roles:",
                                     *(f"    - role{n:02}" for n in range(50)), ""]))


def some_roles(work: Work, count: int) -> None:
    for n in range(count):
        role = work.folder / "roles" / f"role{n:02}"
        for part in ("tasks", "defaults", "handlers", "templates", "meta"):
            (role / part).mkdir(parents=True)
        (role / "defaults" / "main.yml").write_text(f"place: {work.out}/role{n:02}\nworkers: {n}\nnames: [a, b, c]\n")
        (role / "handlers" / "main.yml").write_text(f"- name: Restart {n}\n  debug:\n    msg: restarted {n}\n")
        (role / "meta" / "main.yml").write_text("dependencies: []\n")
        (role / "templates" / "role.conf.j2").write_text("{% for name in names %}\n{{ name }} = {{ workers }} {{ url }}\n{% endfor %}\n")
        (role / "tasks" / "main.yml").write_text(ROLE_TASKS.replace("NUMBER", str(n)))


# Twenty tasks: files, facts, checks and what is skipped, as roles have them.
ROLE_TASKS = "".join(
    ["- name: Place\n  file:\n    path: \"{{ place }}\"\n    state: directory\n    mode: '0755'\n",
     "- name: Configuration\n  template:\n    src: role.conf.j2\n    dest: \"{{ place }}/role.conf\"\n    mode: '0644'\n  notify: Restart NUMBER\n",
     "- name: Look\n  stat:\n    path: \"{{ place }}/role.conf\"\n  register: look\n",
     "- name: Ask\n  command: /bin/echo {{ workers }}\n  register: said\n  changed_when: false\n"]
    + [f"- name: Fact {n}\n  set_fact:\n    fact_{n}: \"{{{{ said.stdout }}}} {{{{ look.stat.exists }}}} {n}\"\n  when: workers | int >= 0\n" for n in range(6)]
    + [f"- name: Check {n}\n  assert:\n    that: fact_{n} is search('{n}')\n" for n in range(5)]
    + [f"- name: Skipped {n}\n  debug:\n    msg: never\n  when: workers | int > 1000 + {n}\n" for n in range(5)])


def groups(hosts: int) -> Callable[[Work], None]:
    """A group for each fifty hosts, in tens below parents, each with a folder of ten files of variables."""
    def write(work: Work) -> None:
        count = hosts // 50
        lines = []
        for n in range(count):
            lines += [f"[group{n:03}]", *(f"host{n * 50 + one:05} rack={one}" for one in range(50)), ""]
        for n in range(0, count, 10):
            lines += [f"[parent{n // 10:02}:children]", *(f"group{one:03}" for one in range(n, min(n + 10, count))), ""]
        work.file("inventory", "\n".join(lines))
        for n in range(count):
            folder = work.folder / "group_vars" / f"group{n:03}"
            folder.mkdir(parents=True)
            for part in range(10):
                (folder / f"part{part}.yml").write_text(f"setting_{part}: {n}\nlist_{part}: [a, {{b: {n}}}]\nurl_{part}: \"{{{{ rack }}}}/{n}\"\n")
    return write


def imports(files: int) -> Callable[[Work], None]:
    """Ten tasks a file, and half as many roles as there are files, of twenty tasks each."""
    def write(work: Work) -> None:
        work.hosts(["localhost"])
        for n in range(files):
            work.file(f"part{n:03}.yml", "".join(f"- name: Task {one} of {n}\n  debug:\n    msg: \"{{{{ number }}}} {one}\"\n" for one in range(10)))
        some_roles(work, files // 2)
        head = "\n".join([VARIABLES, "roles:", *(f"  - role{n:02}" for n in range(files // 2))])
        work.play([f"import_tasks: part{n:03}.yml\nvars:\n  number: {n}" for n in range(files)], head)
    return write


def everybody(count: int) -> Callable[[Work], None]:
    """One host's template reads the variables of all others, among them a template and one of a group."""
    def write(work: Work) -> None:
        work.hosts([f"host{n:05} address=10.{n >> 8}.{n & 255}.1 name=n{n}" for n in range(count)],
                   "ansible_connection=local\nport=8080\nurl=http://{{ address }}:{{ port }}/")
        work.file("hosts.j2", "{% for host in groups['all'] %}\n{{ hostvars[host].address }} {{ hostvars[host]['name'] }} {{ hostvars[host].url }}\n{% endfor %}\n")
        work.play([f"template:\n  src: hosts.j2\n  dest: {work.out}/hosts\nrun_once: true"])
    return write


def setup(work: Work) -> None:
    work.hosts(["localhost"])
    work.play(["setup:"] * 5)


def many_files(work: Work) -> None:
    """2,000 files of some 200 bytes in 40 folders, to one host."""
    work.hosts(work.servers.inventory_lines(1), work.servers.inventory_variables())
    for folder in range(40):
        place = work.folder / "tree" / f"d{folder:02}"
        place.mkdir(parents=True)
        for n in range(50):
            (place / f"f{n:02}.conf").write_text(f"# file {n} of folder {folder}\n" + "setting = value\n" * 12)
    work.play([f"file:\n  path: {work.out}/tree\n  state: absent", f"copy:\n  src: tree/\n  dest: {work.out}/tree/"])


PYTHON_MODULE = """from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule(argument_spec=dict(number=dict(type="int", required=True), items=dict(type="list", elements="str", default=[])))
module.exit_json(changed=False, number=module.params["number"] + 1, items=[item.upper() for item in module.params["items"]])
"""


def python_modules(count: int, calls: int = 100) -> Callable[[Work], None]:
    """So many calls of a module in Python on each of so many hosts, all of them this machine."""
    def write(work: Work) -> None:
        (work.folder / "library").mkdir()
        (work.folder / "library" / "own.py").write_text(PYTHON_MODULE)
        work.hosts([f"host{n:02}" for n in range(count)])
        work.play([f"own:\n  number: {n}\n  items: [a, b]" for n in range(calls)])
    return write


def large_file(work: Work) -> None:
    """1 GB that isn't there yet, and that doesn't compress."""
    work.hosts(work.servers.inventory_lines(1), work.servers.inventory_variables())
    with (work.folder / "large").open("wb") as file:
        for _ in range(1024):
            file.write(os.urandom(1 << 20))
    work.play([f"copy:\n  src: large\n  dest: {work.out}/large"])


def installed_packages(work: Work) -> None:
    """Twenty packages that are there, asked for five times."""
    work.hosts(["localhost"])
    listed = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package}\n"], check=True, capture_output=True, text=True)
    names = [line.split()[1] for line in listed.stdout.splitlines() if line.startswith("ii")][:20]
    work.play([f"apt:\n  name: [{', '.join(names)}]\n  state: present"] * 5)


LIST = ("-i", "inventory", "--list")
LIST_TASKS = ("-i", "inventory", "play.yml", "--list-tasks")

ROWS = [
    Row("version", "start-up (`--version`)", this_machine, arguments=("--version",), smallest=True),
    Row("debugs", "200 templated debugs, 1 host", debugs),
    Row("loop", "a loop of 1,000", loop),
    Row("grow", "set_fact that grows a list 300 times", grow),
    Row("commands", "100 commands", commands),
    Row("files", "100 file tasks", files),
    Row("templates", "50 templates of 200 lines", templates),
    Row("includes", "100 include_tasks of 2 tasks", includes),
    Row("hosts", "100 hosts × 16 tasks, 20 forks", hosts, forks=20),
    Row("host-commands", "100 hosts × 4 commands, 20 forks, local", host_commands, forks=20, slow=True),
    Row("ten-thousand", "10,000 hosts × 1 debug, 20 forks", ten_thousand, forks=20, slow=True),
    Row("roles", "50 roles × 20 tasks, 1 host", roles, slow=True),
    Row("setup", "setup, 5 times", setup),
    Row("inventory-1000", "`ansible-inventory --list`, 1,000 hosts, 20 groups, 200 files of group_vars", groups(1_000), arguments=LIST, tool="inventory", same_output=True),
    Row("inventory-10000", "the same, 10,000 hosts, 200 groups, 2,000 files", groups(10_000), arguments=LIST, tool="inventory", slow=True, same_output=True),
    Row("listing-100", "`--list-tasks` of 100 imported tasks and 5 roles", imports(10), arguments=LIST_TASKS, same_output=True),
    Row("listing-1000", "the same, 1,000 imported tasks and 50 roles", imports(100), arguments=LIST_TASKS, slow=True, same_output=True),
    Row("hostvars-100", "hostvars of 100 hosts read in a template", everybody(100)),
    Row("hostvars-1000", "the same, 1,000 hosts", everybody(1_000)),
    Row("hostvars-10000", "the same, 10,000 hosts", everybody(10_000), slow=True, own_only=True),
    Row("apt", "apt with 20 packages that are there, 5 times", installed_packages),
    Row("python", "100 calls of a module in Python, 1 host", python_modules(1), slow=True),
    Row("python-hosts-10", "10 calls of a module in Python, 50 hosts, 20 forks", python_modules(50, 10), forks=20, slow=True),
    Row("python-hosts", "100 calls of a module in Python, 50 hosts, 20 forks", python_modules(50), forks=20, slow=True, own_only=True),
    Row("large-file", "a copy of 1 GB to an SSH host", large_file, needs_ssh=True, slow=True),
    Row("many-files", "a copy of 2,000 small files to an SSH host", many_files, needs_ssh=True, slow=True, own_only=True),
    Row("ssh", "20 SSH hosts × 10 commands, 20 forks, new connections", over_ssh, forks=20, needs_ssh=True),
    Row("ssh-warm", "20 SSH hosts × 10 commands, 20 forks, a second run", over_ssh, forks=20, needs_ssh=True, warm=True),
    Row("ssh-ping", "one task (ping) over SSH, after the first", repeated("ping:", one_over_ssh), needs_ssh=True, warm=True, per=50),
    Row("ssh-command", "one task (command: /bin/true) over SSH, after the first", repeated("command: /bin/true", one_over_ssh), needs_ssh=True, warm=True, per=50),
    Row("local-command", "one task (command: /bin/true) on this machine", repeated("command: /bin/true", this_machine), per=50),
    Row("hosts-100", "one host-task (debug) with 100 hosts", host_task(100, 20), forks=20, per=2_000),
    Row("hosts-1000", "one host-task (debug) with 1,000 hosts", host_task(1_000, 10), forks=20, per=10_000, slow=True, own_only=True),
    Row("hosts-10000", "one host-task (debug) with 10,000 hosts", host_task(10_000, 2), forks=20, per=20_000, slow=True, own_only=True),
    Row("variables-10", "one task (debug) with 10 variables", variables(10), per=100),
    Row("variables-500", "one task (debug) with 500 variables", variables(500), per=100),
    Row("variables-5000", "one task (debug) with 5,000 variables", variables(5_000), per=100),
]
