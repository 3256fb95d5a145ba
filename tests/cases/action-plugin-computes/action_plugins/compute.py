from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        args = self._task.args
        return {'changed': False, 'sum': args.get('a', 0) + args.get('b', 0), 'action': self._task.action,
                'check': self._task.check_mode, 'diff': self._task.diff, 'text': args.get('text')}
