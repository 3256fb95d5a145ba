#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
import json


def main():
    m = AnsibleModule(argument_spec={"facts": {"type": "dict"}, "more": {"type": "dict", "default": {}}})
    m.exit_json(ansible_facts=m.params["facts"], **m.params["more"])


main()
