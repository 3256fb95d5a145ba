#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.zebra import (
    foo4,
    foo5 as x,
)
AnsibleModule(argument_spec=dict()).exit_json()
