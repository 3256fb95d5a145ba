# Callbacks in Python, run in a fork of the warm Python (`server.py`, whose names are here). nafal tells events one
# after the other and waits until each is through; what plugins show goes back to it line by line, so that it
# stands among nafal's own output. Sent by nafal when a run has such callbacks.
import atexit
import io


class Speaker(io.TextIOBase):
    """What `print` writes: shown by nafal, as everything is."""

    def __init__(self, connection, stream):
        self.connection = connection
        self.stream = stream
        self.buffer = Bytes(self)

    encoding = 'utf-8'
    errors = 'surrogateescape'

    def writable(self):
        return True

    def write(self, text):
        if text:
            self.connection.send({'say': str(text), 'stderr': self.stream == 2, 'newline': False, 'log': 'no'})
        return len(text)

    def fileno(self):
        return self.stream


class Bytes(io.RawIOBase):
    def __init__(self, speaker):
        self.speaker = speaker

    def writable(self):
        return True

    def write(self, data):
        self.speaker.write(bytes(data).decode('utf-8', 'surrogateescape'))
        return len(data)


def take_display(connection, setup):
    """Whatever `Display` shows is said to nafal, which knows streams, colours and the log."""
    from ansible.utils import color as colors
    from ansible.utils.display import Display
    colors.ANSIBLE_COLOR = setup['colored']
    # Calls of filters and lookups gather warnings; callbacks show them.
    Display.warning = connection.warning
    display = Display()
    display.verbosity = setup['verbosity']
    display.columns = setup['columns']
    once = []

    def show(self, msg, color=None, stderr=False, screen_only=False, log_only=False, newline=True, *_, **__):
        if not isinstance(msg, str):
            msg = str(msg)
        connection.send({'say': str.__str__(msg), 'color': color and str(color), 'stderr': bool(stderr),
                         'newline': bool(newline), 'once': bool(once),
                         'log': 'only' if log_only else 'no' if screen_only else 'too'})

    def counted(original):
        def method(self, *args, **kwargs):
            once.append(True)
            try:
                return original(self, *args, **kwargs)
            finally:
                once.pop()
        return method

    Display.display = show
    # Who calls `deprecated` is looked for on the stack: what it calls is wrapped, where there is such a thing.
    inner = hasattr(Display, '_deprecated')
    for name in ('warning', 'deprecated', 'error'):
        name = '_' + name if inner else name
        setattr(Display, name, counted(getattr(Display, name)))
    return display


def take_faults(connection):
    """nafal knows where errors and warnings of results come from: it tells them when a callback wants to."""
    from ansible.plugins.callback import CallbackBase

    def on_stderr(plugin):
        try:
            return bool(plugin.get_option('display_failed_stderr'))
        except Exception:
            return False

    def faults(which):
        def method(self, result=None, use_stderr=None, *_, **__):
            stderr = on_stderr(self) if use_stderr is None else bool(use_stderr)
            connection.send({'faults': which, 'stderr': stderr})
        return method

    for name, which in (('_handle_warnings_and_exception', 'all'), ('_handle_exception', 'error'),
                        ('_handle_warnings', 'warnings')):
        if hasattr(CallbackBase, name):
            setattr(CallbackBase, name, faults(which))


class Callbacks:
    """The plugins of a run."""

    def __init__(self, connection, setup, display):
        self.connection = connection
        self.setup = setup
        self.display = display
        self.world = World(setup)
        self.shows = None
        self.listens = []
        self.playbook = None

    def load(self):
        """Loads what is wanted, as `load_callbacks` does; an error of what shows the run ends it."""
        setup, loader = self.setup, loaders.callback_loader
        for folder in setup['folders']:
            loaders.add_all_plugin_dirs(folder)
        if setup['stdout']:
            self.shows = loader.get(setup['stdout'])
            if self.shows is None:
                return {'error': "Could not load '%s' callback plugin." % setup['stdout'], 'code': 1}
            self.shows.set_options(var_options=setup['extra'])
            look_at_methods(self.shows)
        if not setup['listen']:
            return {}
        classes = list(loader.all(class_only=True))
        for name in setup['enabled']:
            found = loader.get(name, class_only=True)
            if found is None:
                self.display.warning("Skipping callback plugin '%s', unable to load" % name)
            elif found not in classes:
                classes.append(found)
        taken = {plugin_name(type(self.shows))} if self.shows else set()
        for found in classes:
            name = plugin_name(found)
            if name in taken or not self.is_wanted(found, name):
                continue
            taken.add(name)
            try:
                plugin = found()
                plugin.set_options(var_options=setup['extra'])
                look_at_methods(plugin)
            except Exception as error:
                self.display.warning("Failed to load callback plugin '%s': %s" % (name, message(error)))
            else:
                self.listens.append(plugin)
        return {}

    def is_wanted(self, found, name):
        if name.rpartition('.')[2] in self.setup['own'] and name.rpartition('.')[0] in ('', 'ansible.builtin'):
            return False
        if getattr(found, 'CALLBACK_TYPE', '') == 'stdout':
            return False
        waits = getattr(found, 'CALLBACK_NEEDS_ENABLED', getattr(found, 'CALLBACK_NEEDS_WHITELIST', False))
        names = {name, short_name(found), *(getattr(found, '_redirected_names', None) or ())}
        return not waits or any(wanted in names for wanted in self.setup['enabled'])

    def send(self, method, *args, **kwargs):
        plugins = [plugin for plugin in (self.shows, *self.listens)
                   if plugin is not None and not getattr(plugin, 'disabled', False)]
        for plugin in plugins:
            given = args
            if len(plugins) > 1:
                # What one does to a result is none of the others' business.
                given = [arg.copy() if isinstance(arg, Result) else arg for arg in args]
            for name in (method, 'v2_on_any'):
                function = getattr(plugin, name, None) or getattr(plugin, name.removeprefix('v2_'), None)
                if function is None:
                    continue
                try:
                    function(*given, **kwargs)
                except Exception as error:
                    self.display.warning("Callback dispatch '%s' failed for plugin '%s': %s"
                                         % (name, short_name(plugin), message(error)))

    def tell(self, said):
        getattr(self, 'on_' + said['event'])(said)

    def result(self, said):
        task = self.world.task(said['task'])
        if said['keywords']:
            # A result's task is as it was rendered for its host.
            task = copy.copy(task)
            for name, value in said['keywords'].items():
                setattr(task, name, value)
        return Result(self.world.host(said['host']), task, said)

    def on_playbook(self, said):
        from ansible.playbook import Playbook
        playbook = Playbook(self.world.files)
        playbook._file_name = said['path']
        playbook._basedir = os.path.dirname(os.path.abspath(said['path']))
        self.playbook = playbook
        self.send('v2_playbook_on_start', playbook)

    def on_play(self, said):
        if self.playbook is None:
            self.on_playbook({'path': '__adhoc_playbook__'})
        self.send('v2_playbook_on_play_start', self.world.start_play(said))

    def on_no_hosts_matched(self, said):
        self.send('v2_playbook_on_no_hosts_matched')

    def on_no_hosts_remaining(self, said):
        self.send('v2_playbook_on_no_hosts_remaining')

    def on_task(self, said):
        task = self.world.task(said['task'])
        task.shown = said['name']
        if said['own_name'] is not None:
            task.name = said['own_name']
        if said['task']['kind'] == 'handler':
            self.send('v2_playbook_on_handler_task_start', task)
        else:
            self.send('v2_playbook_on_task_start', task, is_conditional=False)

    def on_start(self, said):
        self.send('v2_runner_on_start', self.world.host(said['host']), self.world.task(said['task']))

    def on_item(self, said):
        result = self.result(said)
        status = said['status']
        # In diff mode stock tells each item's diff, there or not.
        if said['diff'] and status == 'ok':
            self.send('v2_on_file_diff', result)
        # A host that isn't reached is an item that failed.
        word = {'ok': 'ok', 'skipped': 'skipped'}.get(status, 'failed')
        self.send('v2_runner_item_on_' + word, result)

    def on_result(self, said):
        result = self.result(said)
        status = said['status']
        if said['diff'] and status == 'ok' and 'diff' in result._result:
            self.send('v2_on_file_diff', result)
        more = {'ignore_errors': said['ignored']} if status == 'failed' else {}
        self.send('v2_runner_on_' + status, result, **more)

    def on_retry(self, said):
        self.send('v2_runner_retry', self.result(said))

    def on_background(self, said):
        self.send('v2_runner_on_async_' + said['state'], self.result(said))

    def on_included(self, said):
        from ansible.playbook.included_file import IncludedFile
        task = self.world.task(said['task'])
        label = said['label']
        variables = {} if label is None else {'item': label['value'], '_ansible_item_label': label['value']}
        included = IncludedFile(said['name'], {}, variables, task)
        included._is_role = said['task']['resolved'].endswith('.include_role')
        for host in said['hosts']:
            included.add_host(self.world.host(host))
        self.send('v2_playbook_on_include', included)

    def on_notified(self, said):
        self.send('v2_playbook_on_notify', self.world.task(said['task']), self.world.host(said['host']))

    def on_asked(self, said):
        prompt = said['prompt']
        self.send('v2_playbook_on_vars_prompt', said['name'], *(prompt[key] for key in (
            'private', 'prompt', 'encrypt', 'confirm', 'salt_size', 'salt', 'default', 'unsafe')))

    def on_stats(self, said):
        from ansible.executor.stats import AggregateStats
        stats = AggregateStats()
        for host, counts in said['counts']:
            stats.processed[host] = 1
            for what, count in counts.items():
                if count:
                    getattr(stats, what)[host] = count
        stats.custom = {'_run' if host is None else host: values for host, values in said['custom']}
        self.send('v2_playbook_on_stats', stats)


def look_at_methods(plugin):
    """What is deprecated in a callback is told when it is loaded."""
    look = getattr(plugin, '_init_callback_methods', None)
    if look is not None:
        look()


def short_name(found):
    return str(getattr(found, '_load_name', None) or found.__module__.rpartition('.')[2])


def plugin_name(found):
    return str(getattr(found, 'ansible_name', None) or short_name(found))


def message(error):
    return told(error)['error'] if str(error) else type(error).__name__


def arguments(setup):
    from ansible import context
    from ansible.utils.context_objects import CLIArgs
    context.CLIARGS = CLIArgs(setup['arguments'])


def serve_callbacks(connection, request):
    """Serves one run to its end."""
    setup = connection.decode(request['setup'])
    sys.stdout, sys.stderr = Speaker(connection, 1), Speaker(connection, 2)
    display = take_display(connection, setup)
    take_faults(connection)
    arguments(setup)
    callbacks = Callbacks(connection, setup, display)
    try:
        answer = callbacks.load()
    except AnsibleError as error:
        answer = dict(told(error), code=5)
    except BaseException as error:
        answer = {'error': 'Unexpected Exception, this is probably a bug: %s' % error, 'code': 250}
    answer['count'] = len(callbacks.listens) + (callbacks.shows is not None)
    connection.send(dict(answer, done=True))
    while True:
        request = connection.receive()
        if request['do'] == 'end':
            atexit._run_exitfuncs()
            connection.send({'done': True})
            continue
        try:
            callbacks.tell(connection.decode(request['said']))
        except Exception as error:
            connection.send({'say': '[WARNING]: Callbacks in Python could not be told: %s: %s' % (
                type(error).__name__, error), 'stderr': True, 'newline': True, 'once': True, 'log': 'too',
                'color': None})
        connection.send({'done': True})
