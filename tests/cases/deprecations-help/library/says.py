#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule({})
module.warn('it warns', help_text='Do that.')
module.deprecate('it goes', version='9.9', collection_name='a.b', help_text='Use the other.')
module.exit_json()
