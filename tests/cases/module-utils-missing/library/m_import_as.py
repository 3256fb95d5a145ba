#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
import ansible.module_utils.zebra.foo4 as z
AnsibleModule(argument_spec=dict()).exit_json()
