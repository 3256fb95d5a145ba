from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        result.update(self._execute_module(task_vars=task_vars))
        result['seen'] = task_vars['greeting']
        result['rendered'] = self._templar.template(task_vars['greeting'])
        result['host'] = task_vars['inventory_hostname']
        result['other'] = self._templar.template(task_vars['hostvars']['other']['x'])
        result['missing'] = 'nosuch' in task_vars
        return result
