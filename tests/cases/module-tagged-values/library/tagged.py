#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.datatag import deprecate_value
m = AnsibleModule({})
m.exit_json(old=deprecate_value("a value", "This is old.", version="9999.9", help_text="Use new."), 
  nested={"a": [deprecate_value({"x": 1}, "This is old too.", date="2099-01-01"), 2]}, ansible_facts={"old_fact": deprecate_value(3, "Old fact.", version="9999.9")})
