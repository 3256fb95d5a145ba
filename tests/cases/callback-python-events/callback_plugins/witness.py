from ansible.executor.stats import AggregateStats
from ansible.inventory.host import Host
from ansible.playbook import Playbook
from ansible.playbook.handler import Handler
from ansible.playbook.included_file import IncludedFile
from ansible.playbook.play import Play
from ansible.playbook.task import Task
from ansible.playbook.task_include import TaskInclude
from ansible.plugins.callback import CallbackBase

NOISE = {'ansible_job_id', 'results_file', 'start', 'end', 'delta', 'src', 'md5sum', 'checksum', 'uid', 'gid', 'owner',
         'group', 'mode', 'size', 'invocation', 'exception', 'diff', 'stdout_lines', 'stderr_lines', 'deprecations',
         '_ansible_delegated_vars'}


def values(result):
    return ', '.join('%s=%s' % (key, '[%d]' % len(value) if key == 'results' else repr(value))
                     for key, value in sorted(result.items()) if key not in NOISE)


def told(value):
    if isinstance(value, Playbook):
        return 'playbook ' + value._file_name
    if isinstance(value, Play):
        return 'play %s|%s|%s|%s' % (value.get_name(), value.name, value.hosts, value.strategy)
    if isinstance(value, Task):
        kind = 'handler' if isinstance(value, Handler) else 'include' if isinstance(value, TaskInclude) else 'task'
        args = {key: str(text) for key, text in sorted(value.args.items())}
        return '%s %s|%s|%s|%s|%s|%s|%s|%s' % (
            kind, value.get_name(), value.name, value.action, args, sorted(value.tags), value.no_log,
            value._role and value._role.get_name(), value.get_path().rpartition('/')[2])
    if isinstance(value, Host):
        return 'host ' + value.get_name()
    if isinstance(value, IncludedFile):
        return 'included %s %s' % (str(value._filename).rpartition('/')[2], [host.name for host in value._hosts])
    if isinstance(value, AggregateStats):
        return 'stats %s %s' % ({host: value.summarize(host) for host in sorted(value.processed)}, value.custom)
    if hasattr(value, '_result'):
        flags = [value.is_changed(), value.is_skipped(), value.is_failed(), value.is_unreachable()]
        return 'result %s|%s|%s|%s' % (CallbackBase.host_label(value), value.task_name, flags, values(value._result))
    return str(value)


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'stdout'
    CALLBACK_NAME = 'witness'

    def __init__(self):
        super().__init__()
        self.tasks = {}
        for name in dir(self):
            if name.startswith('v2_') and name != 'v2_on_any':
                setattr(self, name, self.witness(name))

    def witness(self, name):
        def method(*args, **kwargs):
            for task in args:
                if isinstance(task, Task):
                    # A task is the same from its beginning to its end.
                    self.tasks.setdefault(task._uuid, task.get_name())
            shown = [told(value) for value in args] + ['%s=%s' % pair for pair in kwargs.items()]
            self._display.display('%s: %s' % (name, '; '.join(shown)))
        return method

    def v2_on_any(self, *args, **kwargs):
        self._display.display('  any %d %d' % (len(args), len(kwargs)))
