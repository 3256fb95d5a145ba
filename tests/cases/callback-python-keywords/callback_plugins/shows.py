from ansible.plugins.callback import CallbackBase
KEYS = ['connection', 'remote_user', 'become', 'become_user', 'delegate_to', 'check_mode', 'diff', 'run_once', 'throttle',
        'timeout', 'name', 'action']
def told(task):
    out = {}
    for key in KEYS:
        try:
            value = getattr(task, key)
        except Exception as e:
            value = 'ERR ' + type(e).__name__
        if value not in (None, [], {}, ()): out[key] = str(value) if not isinstance(value,(str,int,list,dict,bool,float)) else value
    return out
class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'notification'
    CALLBACK_NAME = 'shows'
    def v2_playbook_on_task_start(self, task, is_conditional):
        self._display.display('START %s %s' % (task.get_name(), told(task)))
    def v2_runner_on_start(self, host, task):
        self._display.display('  HOST %s %s' % (host, told(task)))
    def res(self, what, result):
        args = {key: value for key, value in result._task.args.items() if not key.startswith('_ansible')}
        self._display.display('  %s %s %s %s' % (what, result._host, told(result._task), args))
    def v2_runner_on_ok(self, result): self.res('OK', result)
    def v2_runner_on_failed(self, result, ignore_errors=False): self.res('FAILED', result)
    def v2_runner_on_skipped(self, result): self.res('SKIPPED', result)
    def v2_runner_item_on_ok(self, result): self.res('ITEM', result)
    def v2_runner_item_on_failed(self, result): self.res('ITEMFAILED', result)
    def v2_runner_retry(self, result): self.res('RETRY', result)
