from ansible.errors import AnsibleError
from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'aggregate'
    CALLBACK_NAME = 'raises'

    def v2_playbook_on_play_start(self, play):
        raise ValueError('not this play')

    def v2_playbook_on_task_start(self, task, is_conditional):
        raise KeyError('task')

    def v2_runner_on_ok(self, result):
        self._display.warning('it goes on')
        raise AnsibleError('not this result')
