#!/usr/bin/python
import json,sys
from ansible.module_utils.basic import AnsibleModule
m=AnsibleModule(argument_spec=dict(_raw_params=dict(), chdir=dict()))
m.exit_json(got=m.params)
