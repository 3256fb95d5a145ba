#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
import os, ansible.module_utils.zebra
AnsibleModule(argument_spec=dict()).exit_json()
