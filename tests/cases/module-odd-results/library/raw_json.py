#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
import sys


def main():
    m = AnsibleModule(argument_spec={"before": {"type": "str", "default": ""}, "after": {"type": "str", "default": ""}, "json": {"type": "str", "default": "{\"changed\": false}"}, "err": {"default": ""}, "code": {"type": "int", "default": 0}})
    sys.stderr.write(m.params["err"])
    sys.stdout.write(m.params["before"] + m.params["json"] + m.params["after"])
    sys.stdout.flush()
    sys.exit(m.params["code"])


main()
