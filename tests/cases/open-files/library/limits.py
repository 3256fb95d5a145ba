#!/usr/bin/python
import resource

from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(argument_spec={})
    module.exit_json(limit=resource.getrlimit(resource.RLIMIT_NOFILE)[0])


main()
