#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule


def main():
    options = ["a", "b", "c"]
    module = AnsibleModule(argument_spec={name: {"type": "str"} for name in options})
    module.exit_json(module="one", told=module.params)


main()
