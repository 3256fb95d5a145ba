import os
import sys
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.respawn import has_respawned, probe_interpreters_for_module, respawn_module
from ..module_utils.ours import VALUE


def main():
    module = AnsibleModule(argument_spec=dict(again=dict(type='bool', default=False), word=dict()), supports_check_mode=True)
    if not has_respawned() or module.params['again']:
        other = os.path.join(module.tmpdir, 'another')
        if not os.path.exists(other):
            os.symlink(sys.executable, other)
        if probe_interpreters_for_module(['/nonexistent', other], 'json') != other:
            module.fail_json(msg='it was not found')
        respawn_module(other)
    module.warn('a warning from there')
    module.exit_json(changed=True, name=os.path.basename(sys.executable), value=VALUE, word=module.params['word'], check=module.check_mode)


if __name__ == '__main__':
    main()
