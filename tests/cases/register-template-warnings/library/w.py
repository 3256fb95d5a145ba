#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
m=AnsibleModule(argument_spec={'a':{}}); m.warn('from module'); m.deprecate('dep from module', version='9.0', collection_name='x.y'); m.exit_json(changed=False)
