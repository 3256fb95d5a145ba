from ansible.plugins.action import ActionBase
from ansible_collections.my.own.plugins.module_utils.words import WORD

from ..plugin_utils.more import MORE


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        result.update(self._execute_module(module_name='my.own.pair', module_args=dict(self._task.args, word=WORD + MORE), task_vars=task_vars))
        result['action'] = self._task.action
        return result
