from ansible.module_utils.basic import AnsibleModule
from ..module_utils.said import SAID


def main():
    module = AnsibleModule({})
    for said in SAID:
        module.deprecate(**said)
    module.exit_json()


if __name__ == '__main__':
    main()
