#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
import nosuchlibrary
AnsibleModule(argument_spec=dict()).exit_json()
