from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Evaluates what it is given: only what the user wrote may be."""

    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        given = dict(self._task.args, variable=task_vars['named'])
        return dict(super().run(tmp, task_vars), judged={name: self.judge(text) for name, text in given.items()})

    def judge(self, text):
        if isinstance(text, list):
            return [self.judge(item) for item in text]
        try:
            return self._templar.evaluate_expression(text)
        except Exception as error:
            return 'refused: %s' % error
