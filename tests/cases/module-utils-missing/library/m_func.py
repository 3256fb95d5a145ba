#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
def f():
    from ansible.module_utils.zebra import foo4
f()
AnsibleModule(argument_spec=dict()).exit_json()
