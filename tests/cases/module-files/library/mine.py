#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule

module = AnsibleModule({'word': {}})
module.exit_json(said=module.params['word'], keeps=module._keep_remote_files, tmp=module._remote_tmp)
