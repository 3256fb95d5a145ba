#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.zebra import foo4
AnsibleModule(argument_spec=dict()).exit_json()
