from ansible.module_utils.basic import AnsibleModule
from ansible_collections.my.own.plugins.module_utils.words import WORD


def main():
    module = AnsibleModule(argument_spec=dict(word=dict(), n=dict(type='int')))
    module.exit_json(word=module.params['word'], n=module.params['n'], own=WORD)


if __name__ == '__main__':
    main()
