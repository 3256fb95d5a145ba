import json

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
    name: shows
    type: stdout
    short_description: results as they are
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'stdout'
    CALLBACK_NAME = 'shows'

    def v2_runner_on_ok(self, result):
        self._display.display(json.dumps(result.result, sort_keys=True))
        self._display.display(self._dump_results(result.result, indent=None))

    def v2_runner_item_on_ok(self, result):
        self.v2_runner_on_ok(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.v2_runner_on_ok(result)
