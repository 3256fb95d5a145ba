from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'notification'
    CALLBACK_NAME = 'writes'

    def v2_playbook_on_stats(self, stats):
        with open('log', 'a') as log:
            log.write('%s\n' % sorted(stats.processed))
