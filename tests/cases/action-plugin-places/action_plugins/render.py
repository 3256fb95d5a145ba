from ansible.plugins.action.template import ActionModule as Template


class ActionModule(Template):
    """ansible-core's own, with a word more."""

    def run(self, tmp=None, task_vars=None):
        return dict(super().run(tmp, task_vars), more='said by the user\'s')
