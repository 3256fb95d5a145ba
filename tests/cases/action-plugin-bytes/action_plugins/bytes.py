from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        told = self._low_level_execute_command("printf 'a\\351b'")
        result["length"] = len(told["stdout"])
        result["back"] = list(told["stdout"].encode("utf-8", "surrogateescape"))
        if self._task.args.get("whole"):
            result["text"] = told["stdout"]
        return result
