#!/usr/bin/python
import os

from ansible.module_utils.basic import AnsibleModule

NAME = "template"
OPTIONS = """src dest _original_basename content backup force validate directory_mode remote_src local_follow checksum
    follow mode owner group name state enabled use path recurse"""


def main():
    options = {name: {"type": "raw"} for name in OPTIONS.split()}
    module = AnsibleModule(argument_spec=options, supports_check_mode=True)
    told = {name: value for name, value in module.params.items() if value is not None}
    for name in ("src", "_original_basename", "dest"):
        if name in told:
            told[name] = os.path.basename(str(told[name]))
    if str(told.get("_original_basename")).startswith("."):
        told["_original_basename"] = "hidden"
    module.exit_json(users=NAME, changed=True, told=told)


main()
