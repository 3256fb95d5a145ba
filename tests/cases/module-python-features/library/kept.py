import os
import tempfile

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.text.converters import to_bytes, to_native


def main():
    module = AnsibleModule(
        argument_spec=dict(path=dict(type='path', required=True), content=dict(type='str', required=True), backup=dict(type='bool', default=False)),
        add_file_common_args=True, supports_check_mode=True)
    path, content = module.params['path'], module.params['content']
    before = open(path).read() if os.path.exists(path) else ''
    result = dict(changed=before != content, diff=dict(before=before, after=content, before_header=path, after_header=path))
    if result['changed'] and not module.check_mode:
        if module.params['backup'] and os.path.exists(path):
            result['backup_file'] = module.backup_local(path)
        number, name = tempfile.mkstemp(dir=module.tmpdir)
        with os.fdopen(number, 'wb') as file:
            file.write(to_bytes(content))
        module.atomic_move(name, path)
    arguments = module.load_file_common_arguments(module.params)
    if os.path.exists(path):
        result['changed'] = module.set_fs_attributes_if_different(arguments, result['changed'])
    result['module_tmp'] = to_native(module.tmpdir)
    result['path'] = path
    module.exit_json(**result)


if __name__ == '__main__':
    main()
