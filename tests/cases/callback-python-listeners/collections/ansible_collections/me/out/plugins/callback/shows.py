DOCUMENTATION = '''
  name: shows
  type: stdout
  short_description: the default callback with other words
  description: the default callback with other words
  extends_documentation_fragment:
    - default_callback
'''
from ansible.plugins.callback.default import CallbackModule as Default


class CallbackModule(Default):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'stdout'
    CALLBACK_NAME = 'me.out.shows'

    def v2_runner_on_skipped(self, result):
        self._display.display('not for %s' % self.host_label(result), color='bright blue')
