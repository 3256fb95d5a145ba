from ansible.plugins.callback import CallbackBase
class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'notification'
    CALLBACK_NAME = 'cb_en'
    CALLBACK_NEEDS_ENABLED = True
    def v2_playbook_on_start(self, p): self._display.display('cb_en start')
    def v2_playbook_on_play_start(self, p): self._display.display('cb_en play')
    def v2_playbook_on_task_start(self, t, is_conditional): self._display.display('cb_en task')
    def v2_playbook_on_stats(self, s): self._display.display('cb_en stats')
