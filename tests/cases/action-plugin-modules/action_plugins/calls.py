from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        args = dict(self._task.args)
        module = args.pop('module')
        said = self._execute_module(module_name=module, module_args=args, task_vars=task_vars)
        result.update(said)
        result['keys'] = sorted(said)
        result['added'] = 'here'
        return result
