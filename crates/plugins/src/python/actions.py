# Action plugins in Python, each in a fork of a connection's process (`server.py`, whose names are here). They are
# ansible-core's own classes; what they do on a target is asked of nafal, which has the connection.
import shlex


class ModuleFault(str):
    """The `exception` of a module's result: what it stands for stays with nafal."""
    number = None


class Asked(Exception):
    """nafal's answer to what can't be done."""


class Channel:
    """What an action plugin asks of nafal."""

    def __init__(self, connection, request):
        from ansible import errors
        self.errors = errors
        self.connection = connection
        self.remote_tmp = request['remote_tmp']
        self.becomes = request['become'] is not None
        # Whoever has no home of that kind finds a place here, as in stock.
        if self.becomes and request['become']['user'] not in ('root', 'toor'):
            self.remote_tmp = '/var/tmp'

    def ask(self, **question):
        self.connection.send({'ask': question})
        answer = self.connection.receive()
        if 'error' not in answer:
            return answer
        message = answer['error']
        if answer.get('unreachable') is not None:
            error = self.errors.AnsibleConnectionFailure(message)
            error.nafal = answer['unreachable']
            raise error
        raise self.errors.AnsibleError(message)

    def module(self, task, name, args, wait):
        answer = self.ask(what='module', name=str(name), args=self.connection.encode(dict(args)), wait=bool(wait),
                          check=bool(task.check_mode), diff=bool(task.diff))
        result = self.connection.decode(answer['value'])
        if answer.get('fault') is not None:
            fault = result['exception'] = ModuleFault('(traceback unavailable)')
            fault.number = answer['fault']
        return result

    def command(self, line, data=None, executable=None, sudoable=True):
        if isinstance(line, bytes):
            line = line.decode('utf-8', 'surrogateescape')
        if isinstance(data, str):
            data = data.encode('utf-8', 'surrogateescape')
        answer = self.ask(what='command', line=line, executable=executable, login=self.becomes and not sudoable,
                          input=None if data is None else base64.b64encode(data).decode('ascii'))
        return answer['rc'], base64.b64decode(answer['out']), base64.b64decode(answer['err'])


def text(value):
    return value.decode('utf-8', 'surrogateescape') if isinstance(value, bytes) else str(value)


def target_class():
    from ansible.plugins.connection import ConnectionBase

    class Target(ConnectionBase):
        """The connection that a plugin has, which is nafal's."""
        transport = None
        plugin_type = 'connection'
        has_pipelining = True

        def __init__(self, play_context, channel, request):
            name = request['transport']
            self._load_name = self.ansible_name = name
            type(self).transport = name
            # Reads which options it has.
            loaders.connection_loader.get(name, class_only=True)
            ConnectionBase.__init__(self, play_context)
            self.channel = channel
            self._connected = True
            if request['become'] is not None:
                self.become = loaders.become_loader.get(request['become']['method'])
                self.become.set_options(direct={'become_user': request['become']['user']})

        def _connect(self):
            return self

        def exec_command(self, cmd, in_data=None, sudoable=True):
            return self.channel.command(cmd, in_data, sudoable=sudoable)

        def put_file(self, in_path, out_path):
            self.channel.ask(what='put', source=os.path.abspath(text(in_path)), dest=text(out_path))

        def fetch_file(self, in_path, out_path):
            self.channel.ask(what='fetch', source=text(in_path), dest=os.path.abspath(text(out_path)))

        def close(self):
            self._connected = False

        def reset(self):
            raise AnsibleError('nafal does not reset connections for action plugins in Python')

    return Target


def take_actions(channel):
    """Whatever an action plugin does on its target is asked of nafal."""
    from ansible.plugins.action import ActionBase

    def execute_module(self, module_name=None, module_args=None, tmp=None, task_vars=None, persist_files=False,
                       delete_remote_tmp=None, wrap_async=False, ignore_unknown_opts=False):
        name = self._task.action if module_name is None else module_name
        args = self._task.args if module_args is None else module_args
        if ignore_unknown_opts:
            args = dict(args, _ansible_ignore_unknown_opts=True)
        return channel.module(self._task, name, args, not wrap_async)

    def low_level_execute_command(self, cmd, sudoable=True, in_data=None, executable=None,
                                  encoding_errors='surrogate_then_replace', chdir=None):
        if chdir:
            cmd = 'cd %s && %s' % (shlex.quote(chdir), text(cmd))
        code, out, err = channel.command(cmd, in_data, executable, sudoable)
        handler = 'surrogateescape' if encoding_errors == 'surrogate_then_replace' else encoding_errors
        out, err = out.decode('utf-8', handler), err.decode('utf-8', handler)
        return dict(rc=code, stdout=out, stdout_lines=out.splitlines(), stderr=err, stderr_lines=err.splitlines())

    def make_tmp_path(self, remote_user=None):
        import random
        import time
        root = channel.remote_tmp
        root = '"$HOME"' + shlex.quote(root[1:]) if root == '~' or root.startswith('~/') else shlex.quote(root)
        name = 'ansible-tmp-%s-%s-%s' % (time.time(), os.getpid(), random.SystemRandom().randint(0, 1 << 48))
        code, out, err = channel.command('umask 77 && mkdir -p %s && mkdir %s/%s && cd %s/%s && pwd' % (root, root, name, root, name))
        if code:
            raise channel.errors.AnsibleConnectionFailure('Failed to create temporary directory: ' + text(err).strip())
        self._connection._shell.tmpdir = text(out).strip() + '/'
        return self._connection._shell.tmpdir

    def remove_tmp_path(self, tmp_path, force=False):
        if tmp_path and '-tmp-' in tmp_path:
            channel.command('rm -rf %s' % shlex.quote(tmp_path))
            if tmp_path == self._connection._shell.tmpdir:
                self._connection._shell.tmpdir = None

    def fixup_perms2(self, remote_paths, remote_user=None, execute=True):
        # Files are laid by whoever runs what is to use them.
        paths = ' '.join(shlex.quote(path) for path in remote_paths)
        if execute and paths:
            code, _out, err = channel.command('chmod u+x ' + paths)
            if code:
                raise AnsibleError('Failed to set file mode or acl on remote temporary files: ' + text(err).strip())
        return remote_paths

    def remote_expand_user(self, path, sudoable=True, pathsep=None):
        if not path.startswith('~'):
            return path
        user, slash, rest = path.partition('/')
        if not user[1:].replace('_', '').replace('-', '').replace('.', '').isalnum() and user != '~':
            return path
        # Whatever HOME says (case `action-plugin-become`).
        line = 'eval "echo ~$(id -un)"' if user == '~' else 'echo ' + user
        home = text(channel.command(line)[1]).strip()
        return home + slash + rest if home else path

    def register_host_variables(self, variables, layer=None):
        if self._supports_async:
            raise RuntimeError('Actions that support async cannot record pending changes.')
        channel.connection.registered[getattr(layer, 'name', 'REGISTER_VARS')] = dict(variables)

    if hasattr(ActionBase, 'register_host_variables'):
        ActionBase.register_host_variables = register_host_variables
    for function in (execute_module, low_level_execute_command, make_tmp_path, remove_tmp_path, fixup_perms2,
                     remote_expand_user):
        setattr(ActionBase, '_' + function.__name__, function)


def action_task(request, files):
    """The task as stock's class, which plugins read and copy."""
    from ansible.playbook.block import Block
    from ansible.playbook.play import Play
    from ansible.playbook.task import Task
    folders, path = request['search_path'], request['path']
    Task.get_search_path = lambda self: list(folders)
    Task.get_path = lambda self: path
    play = Play()
    # Actions that call other modules look here for what nafal adds itself.
    play._action_groups, play._group_actions = {}, {}
    task = Task(block=Block(play=play))
    for name, value in request['task'].items():
        setattr(task, name, value)
    task._resolved_action = request['resolved']
    task._loader = files
    shown = request['name']
    task.get_name = lambda include_role_fqcn=True: shown
    return task


def action_handler(connection, request):
    """The plugin, with all that it is given."""
    from ansible.playbook.play_context import PlayContext
    channel = Channel(connection, request)
    take_actions(channel)
    files = connection.files
    files.set_basedir(request['folder'])
    task = action_task(request, files)
    context = PlayContext()
    become = request['become'] or {}
    for name, value in dict(request['context'], become=bool(become), become_user=become.get('user'),
                            become_method=become.get('method', 'sudo')).items():
        setattr(context, name, value)
    variables = Variables(connection)
    handler = loaders.action_loader.get(
        request['plugin'], task=task, connection=target_class()(context, channel, request), play_context=context,
        loader=files, templar=LateTemplar(files, variables), shared_loader_obj=loaders)
    if handler is None:
        raise AnsibleError("ansible-core finds no action plugin '%s'" % request['plugin'])
    return handler, variables


def listen_to_deprecations(connection):
    from ansible.utils.display import Display
    told_ones = []

    def deprecated(self, msg, version=None, removed=False, date=None, collection_name=None, **_):
        if removed:
            raise AnsibleError(str(msg))
        told_ones.append({'msg': str(msg), 'version': version, 'date': date and str(date), 'collection_name': collection_name})

    def summarized(self, summary, *_, **__):
        source = summary.deprecator
        kind = source and source.type and {'value': source.type.value}
        told_ones.append({'event': {'msg': summary.event.msg, 'help_text': getattr(summary.event, 'help_text', None)}, 'version': summary.version, 'date': summary.date and str(summary.date),
                          'deprecator': {'resolved_name': source and source.resolved_name, 'type': kind}})
    # What is deprecated by whom is found on the stack: what that is handed to is replaced, where there is such a thing.
    if hasattr(Display, '_deprecated'):
        Display._deprecated = summarized
    else:
        Display.deprecated = deprecated
    return told_ones


def acted(connection, request):
    """What became of it."""
    from ansible import errors
    handler = None
    try:
        handler, variables = action_handler(connection, request)
        result = handler.run(task_vars=variables)
        if result is None:
            result = {}
        if not isinstance(result, Mapping):
            raise AnsibleError('Malformed result. Received %s instead of %s.' % (type(result), dict))
        return dict(returned(connection, dict(result)), diff=bool(handler._task.diff))
    except BaseException as error:
        kinds = ((getattr(errors, 'AnsibleActionSkip', ()), 'skip'), (getattr(errors, 'AnsibleActionFail', ()), 'fail'),
                 (errors.AnsibleConnectionFailure, 'unreachable'))
        kind = next((kind for of, kind in kinds if isinstance(error, of)), 'error')
        answer = told(error)
        if isinstance(error, SystemExit):
            answer['error'] = 'A worker was found in a dead state'
        own = getattr(error, 'result', None) if kind in ('skip', 'fail') else None
        answer.update(raised=kind, hint=getattr(error, '_help_text', None), was=getattr(error, 'nafal', None))
        answer.update(returned(connection, dict(own or {})))
        return answer
    finally:
        if handler is not None:
            handler.cleanup()


def returned(connection, result):
    fault = result.pop('exception', None)
    for name in ('stdout', 'stderr'):
        if isinstance(result.get(name), str) and name + '_lines' not in result:
            result[name + '_lines'] = result[name].splitlines()
    return {'value': connection.encode(result), 'fault': fault.number if isinstance(fault, ModuleFault) else None}


def perform_action(connection, request):
    """Runs one in a process of its own, as stock does: what it changes of Python is gone with it."""
    from ansible.plugins.action import ActionBase  # noqa: F401
    child = os.fork()
    if child == 0:
        try:
            from ansible.utils.display import Display
            Display().verbosity = request['verbosity']
            deprecations = listen_to_deprecations(connection)
            # Variables of the host by the layers that they are for.
            connection.registered = {}
            request = connection.decode(request)
            try:
                answer = acted(connection, request)
            except BaseException as error:
                answer = dict(told(error), raised='error')
            answer.update(warnings=connection.warnings, deprecations=deprecations,
                          registered=connection.encode(connection.registered))
            sys.stdout.flush()
            connection.send(answer)
            os._exit(0)
        finally:
            os._exit(1)
    if os.waitpid(child, 0)[1]:
        connection.send({'error': 'A worker was found in a dead state', 'raised': 'error'})
