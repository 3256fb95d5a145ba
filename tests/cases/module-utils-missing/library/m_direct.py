#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils import zebra
AnsibleModule(argument_spec=dict()).exit_json()
