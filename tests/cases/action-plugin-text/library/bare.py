from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(argument_spec=dict(word=dict(default='none'), fail=dict(type='bool', default=False)), supports_check_mode=True)
    if module.params['fail']:
        module.fail_json(msg='the module fails', word=module.params['word'])
    module.exit_json(changed=True, word=module.params['word'], check=module.check_mode)


if __name__ == '__main__':
    main()
