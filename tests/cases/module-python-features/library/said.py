from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(argument_spec=dict(
        stdout=dict(type='raw', default='one\ntwo\n'), fails=dict(type='bool', default=False), lines=dict(type='bool', default=False)), supports_check_mode=True)
    result = dict(stdout=module.params['stdout'], stderr='', rc=0)
    if module.params['lines']:
        result['stdout_lines'] = ['my own']
        del result['stderr']
    if module.params['fails']:
        module.fail_json(msg='it failed', **result)
    module.exit_json(**result)


if __name__ == '__main__':
    main()
