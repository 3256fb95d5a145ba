#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
try:
    from ansible.module_utils.zebra import foo4
except ValueError:
    pass
AnsibleModule(argument_spec=dict()).exit_json()
