#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.zebra.x import y
AnsibleModule(argument_spec=dict()).exit_json()
