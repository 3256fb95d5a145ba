from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_TYPE = 'notification'
    CALLBACK_NAME = 'listens'

    def v2_playbook_on_stats(self, stats):
        self._display.display('shown after all')
