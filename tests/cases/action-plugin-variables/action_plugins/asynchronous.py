from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """May run in the background, so it may not set variables."""

    _requires_connection = False
    _supports_async = True

    def run(self, tmp=None, task_vars=None):
        try:
            self.register_host_variables({'set': 1})
        except RuntimeError as error:
            return {'told': str(error)}
        return {}
