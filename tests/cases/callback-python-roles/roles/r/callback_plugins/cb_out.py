from ansible.plugins.callback import CallbackBase
class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'stdout'
    CALLBACK_NAME = 'cb_out'
    CALLBACK_NEEDS_ENABLED = False
    def v2_playbook_on_start(self, p): self._display.display('cb_out start')
    def v2_playbook_on_play_start(self, p): self._display.display('cb_out play')
    def v2_playbook_on_task_start(self, t, is_conditional): self._display.display('cb_out task')
    def v2_playbook_on_stats(self, s): self._display.display('cb_out stats')
