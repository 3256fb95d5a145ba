from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    _supports_check_mode = False
    _supports_async = False
    _VALID_ARGS = frozenset(('a',))

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        return {'changed': True}
