from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        result.update(self._execute_module(task_vars=task_vars))
        result["plugin"] = "far"
        result["action"] = self._task.action
        result["resolved"] = self._task.resolved_action
        result["load_name"] = self._load_name if hasattr(self, "_load_name") else None
        return result
