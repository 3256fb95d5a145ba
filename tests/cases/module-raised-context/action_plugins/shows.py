from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        if self._task.args.get('shows'):
            self._task.diff = True
        return dict(changed=True, diff={'before': 'a\n', 'after': 'b\n'})
