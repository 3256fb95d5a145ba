from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(
        argument_spec=dict(
            name=dict(type='str', required=True, aliases=['alias']), state=dict(choices=['present', 'absent'], default='present'),
            path=dict(type='path'), size=dict(type='bytes'), secret=dict(type='str', no_log=True), many=dict(type='list', elements='str'),
            pairs=dict(type='dict'), number=dict(type='int'), one=dict(), other=dict(), text=dict(),
            old=dict(type='int', removed_in_version='9.0.0', removed_from_collection='a.b'),
            deep=dict(type='dict', options=dict(one=dict(type='int', required=True), two=dict(type='float', default=2)))),
        mutually_exclusive=[('one', 'other')], required_if=[('state', 'absent', ['path'])], supports_check_mode=True)
    module.warn('a warning of %s' % module.params['name'])
    module.deprecate('it is old', version='9.0.0', collection_name='a.b')
    module.exit_json(changed=False, params=module.params)


if __name__ == '__main__':
    main()
