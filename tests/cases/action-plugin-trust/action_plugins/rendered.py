from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        args = self._task.args
        found = {}
        for name, value in sorted(args.items()):
            try:
                found[name] = self._templar.evaluate_expression(value)
            except Exception as error:
                found[name] = 'refused: ' + str(error).split('.')[0]
        return {'found': found}
