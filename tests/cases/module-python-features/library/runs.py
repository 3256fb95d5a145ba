from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(argument_spec=dict(
        command=dict(type='raw', required=True), shell=dict(type='bool', default=False), data=dict(), folder=dict(type='path'), strict=dict(type='bool', default=False)),
        supports_check_mode=True)
    given = module.params
    code, out, err = module.run_command(given['command'], use_unsafe_shell=given['shell'], data=given['data'], cwd=given['folder'], check_rc=given['strict'])
    module.exit_json(code=code, stdout=out, err=err)


if __name__ == '__main__':
    main()
