DOCUMENTATION = '''
  name: demands
  type: stdout
  short_description: has options
  description: has options
  options:
    greeting:
      description: what is said
      default: hi
      env: [{name: ME_GREETING}]
      ini: [{section: callback_me, key: greeting}]
      vars: [{name: me_greeting}]
    must:
      description: has to be there
      required: true
      type: int
      env: [{name: ME_MUST}]
'''
from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'stdout'
    CALLBACK_NAME = 'demands'

    def v2_playbook_on_start(self, playbook):
        self._display.display('WAITS %s %r' % (self.get_option('greeting'), self.get_option('must')))
