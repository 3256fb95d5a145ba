#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule, env_fallback


def secret(**more):
    return dict(type='str', no_log=True, **more)


module = AnsibleModule(argument_spec=dict(
    given=secret(), fallback=secret(fallback=(env_fallback, ['SECRET_ENV'])), default=secret(default='by default'),
    plain=dict(type='str', default='plain'),
    inside=dict(type='dict', options=dict(given=secret(), default=secret(default='deep'), plain=dict(default='plain'))),
))
module.exit_json(changed=False)
