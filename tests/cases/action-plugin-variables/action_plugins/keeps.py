from ansible.plugins.action import ActionBase, VariableLayer


class ActionModule(ActionBase):
    """Sets variables of its host."""

    _requires_connection = False
    _supports_async = False

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        self.register_host_variables({'kept': 'replaced'})
        for layer, variables in self._task.args.items():
            if layer in VariableLayer.__members__:
                self.register_host_variables(variables, VariableLayer[layer])
        if self._task.args.get('facts'):
            result['ansible_facts'] = self._task.args['facts']
        result['failed'] = self._task.args.get('fails', False)
        return result
