# What callbacks in Python see of a run: hosts, tasks and plays as stock's classes, made when they are first named.
# The first part of their program (`callbacks.py`).
import copy
import itertools
import uuid


class Role:
    """A task's role, as far as callbacks look at it."""

    def __init__(self, name):
        self._role_name = name

    def get_name(self, include_role_fqcn=True):
        return self._role_name

    __str__ = __repr__ = get_name


class Variables:
    """What callbacks ask of the manager of variables."""

    def __init__(self, setup):
        self.extra_vars = setup['extra']
        self._extra_vars = self.extra_vars
        self.play = {}

    def get_vars(self, *_, **__):
        return dict(self.play, **self.extra_vars)


class Result:
    """A result as callbacks get it: without what `no_log` hides."""

    def __init__(self, host, task, said):
        self._host = self.host = host
        self._task = self.task = task
        self._result = self.result = said['values']
        self.said = said

    @property
    def task_name(self):
        return self._task.get_name()

    @property
    def _task_fields(self):
        fields = self._task.dump_attrs()
        fields.setdefault('action', self._task.action)
        return fields

    task_fields = _task_fields

    @property
    def exception(self):
        return self._result.get('exception')

    @property
    def warnings(self):
        return list(self._result.get('warnings') or ())

    @property
    def deprecations(self):
        return list(self._result.get('deprecations') or ())

    def is_changed(self):
        return self.said['changed']

    def is_skipped(self):
        return self.said['status'] == 'skipped'

    def is_failed(self):
        return self.said['status'] == 'failed'

    def is_unreachable(self):
        return self.said['status'] == 'unreachable'

    def clean_copy(self):
        return self.copy()

    def copy(self):
        return Result(self._host, self._task, dict(self.said, values=copy.deepcopy(self._result)))


class World:
    """Hosts, tasks and plays as stock's classes, made when they are first named."""

    def __init__(self, setup):
        from ansible.inventory.host import Host
        from ansible.playbook.play import Play
        self.host_class, self.play_class = Host, Play
        self.files = DataLoader()
        self.variables = Variables(setup)
        self.hosts = {}
        self.tasks = {}
        self.play = None
        self.run = uuid.uuid4().hex[:20]
        self.numbers = itertools.count(1)

    def name_for(self, number):
        text = self.run + '%012x' % number
        return '-'.join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def host(self, name):
        if name not in self.hosts:
            self.hosts[name] = self.host_class(name)
        return self.hosts[name]

    def start_play(self, said):
        play = self.play_class()
        play.name = said['name']
        play.hosts = said['pattern']
        play.strategy = said['strategy']
        play.tags = said['tags']
        play.vars = said['vars']
        play.check_mode = said['check']
        play._uuid = self.name_for(next(self.numbers))
        play._loader = self.files
        play._variable_manager = self.variables
        play.get_path = lambda: said['path']
        self.variables.play = dict(said['vars'], ansible_play_hosts=said['hosts'], play_hosts=said['hosts'],
                                   ansible_play_name=said['name'])
        self.play = play
        return play

    def task(self, said):
        task = self.tasks.get(said['id'])
        if task is None:
            task = self.tasks[said['id']] = self.new_task(said)
        return task

    def new_task(self, said):
        task = task_class(said)()
        own = said['name']
        role = said['role']
        task._role = Role(role) if role else None
        task.action = said['action']
        task._resolved_action = said['resolved']
        task.args = said['args']
        task.tags = said['tags']
        task.no_log = said['no_log']
        task.check_mode = said['check']
        for name, value in said['keywords'].items():
            setattr(task, name, value)
        task.name = said['own_name'] or ''
        task._uuid = self.name_for(next(self.numbers))
        task._loader = self.files
        task._variable_manager = self.variables
        task._ds = written(task, said)
        play = self.play
        task.shown = own
        task.get_name = lambda include_role_fqcn=True: task.shown
        task.get_path = lambda: said['path']
        task.get_play = lambda: play
        return task


def written(task, said):
    """A task as one would write it."""
    args = task.args
    if list(args) == ['_raw_params']:
        args = args['_raw_params']
    name = {'name': task.name} if task.name else {}
    return dict(name, **{task.action: args or None}, **said['keywords'])


def task_class(said):
    from ansible.playbook.handler import Handler
    from ansible.playbook.task import Task
    short = said['resolved'].rpartition('.')[2]
    handler = said['kind'] == 'handler'
    if short == 'include_role':
        from ansible.playbook.role_include import IncludeRole
        return IncludeRole
    if short == 'include_tasks':
        if handler:
            from ansible.playbook.handler_task_include import HandlerTaskInclude
            return HandlerTaskInclude
        from ansible.playbook.task_include import TaskInclude
        return TaskInclude
    return Handler if handler else Task
