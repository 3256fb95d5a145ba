DOCUMENTATION = '''
  name: loud
  type: aggregate
  short_description: speaks up
  description: speaks up
  options:
    greeting:
      description: what is said
      default: hi
      env: [{name: ME_GREETING}]
'''
from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'aggregate'
    CALLBACK_NAME = 'me.out.loud'
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_start(self, playbook):
        self._display.display('LOUD %s' % self.get_option('greeting'))

    def v2_runner_on_start(self, host, task):
        self._display.display('LOUD %s starts %s' % (host, task), color='purple')

    def v2_playbook_on_stats(self, stats):
        self._display.banner('LOUD END')
        self._display.display('no newline', newline=False)
        self._display.display('. on stderr', stderr=True)
        self._display.v('for those who asked')
        self._display.display('')
