#!/usr/bin/env python3
"""An inventory script that says what MODE asks for, right or wrong."""
import os
import sys

GROUPS = '''{"web": {"hosts": ["a"], "vars": {"t": "{{ x }}", "u": {"__ansible_unsafe": "{{ x }}"}, "x": 1}},
 "bare": ["b"], "own": {"v": "{{ x }}", "w": {"__ansible_unsafe": "y"}}, "up": {"children": ["web"]}'''
SAYS = {
    "plain": GROUPS + ', "_meta": {"hostvars": {"a": {"n": 1}}}}',
    "profile": GROUPS + ', "_meta": {"hostvars": {}, "profile": "inventory_legacy"}}',
    "asked": '{"web": {"hosts": ["a"]}}',
    "asked_nothing": '{"web": {"hosts": ["a"]}}',
    "asked_wrong": '{"web": {"hosts": ["a"]}}',
    "asked_broken": '{"web": {"hosts": ["a"]}}',
    "asked_list": '{"web": {"hosts": ["a"]}}',
    "nohosts": '{"_meta": {"hostvars": {}}}',
    "nojson": "this is no JSON",
    "text": '"text"',
    "meta": '{"_meta": "text"}',
    "profile_number": '{"_meta": {"profile": 1}}',
    "profile_other": '{"_meta": {"profile": "other"}}',
    "profile_unknown": '{"_meta": {"profile": "inventory_other"}}',
    "vault": '{"__ansible_vault": 1}',
    "hostvars": '{"_meta": {"hostvars": []}}',
    "hostvars_of_one": '{"web": {"hosts": ["a"]}, "_meta": {"hostvars": {"a": []}}}',
    "vars": '{"web": {"vars": []}, "_meta": {"hostvars": {}}}',
    "hosts": '{"web": {"hosts": "a"}, "_meta": {"hostvars": {}}}',
    "children": '{"web": {"children": "a"}, "_meta": {"hostvars": {}}}',
    "nothing": '{"web": null, "_meta": {"hostvars": {}}}',
}
ASKED = {
    "asked": '{"h": "{{ x }}", "u": {"__ansible_unsafe": "{{ x }}"}, "x": "%s"}',
    "asked_nothing": "",
    "asked_broken": "this is no JSON",
    "asked_list": "[1]",
}
mode = os.environ.get("MODE", "")
if os.environ.get("TOLD"):
    print("told", *sys.argv[1:], file=sys.stderr)
if mode == "bytes":
    sys.stdout.buffer.write(b"no text \xff\n")
elif "--host" in sys.argv:
    said = ASKED.get(mode)
    if said is None:
        sys.exit(4)
    print(said % sys.argv[2] if "%" in said else said)
elif mode in SAYS:
    print(SAYS[mode])
else:
    sys.exit(3)
