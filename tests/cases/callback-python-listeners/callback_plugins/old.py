from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_TYPE = 'notification'
    CALLBACK_NAME = 'old'

    def say(self, *what):
        self._display.display('OLD ' + ' '.join(str(one) for one in what))

    def playbook_on_start(self):
        self.say('start')

    def playbook_on_play_start(self, name):
        self.say('play', name)

    def playbook_on_task_start(self, name, is_conditional):
        self.say('task', repr(name), is_conditional)

    def playbook_on_notify(self, host, handler):
        self.say('notify', host, handler)

    def runner_on_ok(self, host, res):
        self.say('ok', host, res['msg'], res['changed'])

    def runner_on_skipped(self, host, item=None):
        self.say('skipped', host, item)

    def runner_on_failed(self, host, res, ignore_errors=False):
        self.say('failed', host, res['msg'], ignore_errors)

    def playbook_on_stats(self, stats):
        self.say('stats', stats.summarize('one'))
