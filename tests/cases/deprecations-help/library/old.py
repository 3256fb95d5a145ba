#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils._text import to_bytes
module = AnsibleModule({})
module.exit_json(x=1)
