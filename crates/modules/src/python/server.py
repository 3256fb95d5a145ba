# A warm Python: it has read what every module needs, and forks for each module it is asked to run.
# Started by nafal's agent, one per interpreter and copy of ansible.module_utils. Reads requests from standard
# input and answers on standard output, both as JSON lines; ends, with what it started, when the input ends.
import gc
import json
import os
import select
import signal
import sys

BASE = sys.argv[1]


def warm_up():
    """What nearly every module imports, and `run` does. A module that fails for the lack of it says so itself."""
    # A program that is given by `-c` looks into the folder that it is started in, which a module's file doesn't.
    sys.path[:] = [BASE] + [folder for folder in sys.path if folder]
    try:
        import runpy  # noqa: F401
        import ansible.module_utils.basic  # noqa: F401
        from ansible.module_utils.common import respawn  # noqa: F401
        from ansible.module_utils._internal._ansiballz import _loader  # noqa: F401
        from ansible.module_utils._internal._json._profiles import _module_legacy_c2m, _module_legacy_m2c  # noqa: F401
    except Exception:
        pass
    exercise()
    # A child that collects garbage would write to every object, and so copy every page of this process.
    gc.collect()
    gc.freeze()


def exercise():
    """What every module does first, done here a few times: Python makes what runs often faster by writing to it, and what is written
    here isn't copied by each child. Only what keeps nothing of it."""
    try:
        import locale
        # Modules set it themselves; what it reads of the system stays in memory.
        locale.setlocale(locale.LC_ALL, '')
    except Exception:
        pass
    try:
        from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
        from ansible.module_utils.common.parameters import remove_values
        spec = dict(text=dict(type='str'), number=dict(type='int', required=True), flag=dict(type='bool', default=False), items=dict(type='list', elements='str'))
        for _ in range(20):
            ArgumentSpecValidator(spec).validate(dict(text='a', number='1', items=['b']))
            remove_values(dict(changed=False, text='a', items=['b', 1, {'c': None}]), set())
    except Exception:
        pass


# Also the text of a stand-in package, which is all that another interpreter finds of a module (see `stand_in`).
IMPORTS = '''
import os
import sys
import types


def extend(name, folders):
    """Lets a package that is there be found in further folders, before its own."""
    if not folders:
        return
    try:
        package = __import__(name, fromlist=['x'])
    except ImportError:
        return
    package.__path__ = folders + list(package.__path__)


def prepare(paths, module_utils, module, file):
    """Makes the module and all that it imports be found."""
    sys.path[:0] = paths
    extend('ansible.module_utils', module_utils)
    package = module.rpartition('.')[0]
    if package in ('ansible.legacy', 'ansible.modules'):
        # The copy of ansible.module_utils has no modules: the package is the folder that this one came in.
        sys.modules[package] = types.ModuleType(package)
        sys.modules[package].__path__ = [os.path.dirname(file)]
'''
exec(IMPORTS)

STAND_IN = '''
__path__ = [os.path.join(BASE, 'ansible')]
prepare(PATHS + [BASE], MODULE_UTILS, MODULE, FILE)
'''


def stand_in(folder, request):
    """A folder that stands for all of them: modules that change their interpreter (`respawn_module`) hand on one."""
    os.makedirs(os.path.join(folder, 'ansible'))
    names = dict(BASE=BASE, PATHS=request['paths'], MODULE_UTILS=request['module_utils'], MODULE=request['module'], FILE=request['file'])
    with open(os.path.join(folder, 'ansible', '__init__.py'), 'w') as text:
        text.write(IMPORTS + '\n'.join('%s = %r' % each for each in names.items()) + STAND_IN)


def allow_respawn(request):
    try:
        from ansible.module_utils.common import respawn
    except ImportError:
        return
    original = respawn.respawn_module

    def respawn_module(interpreter_path):
        if not os.path.isdir(request['respawn']):
            stand_in(request['respawn'], request)
        return original(interpreter_path)

    respawn.respawn_module = respawn_module


def run(request):
    """In the child: becomes the module. Returns its exit code."""
    os.environ.update(request['environment'])
    if request.get('umask') is not None:
        os.umask(request['umask'])
    if request.get('open_files') is not None:
        import resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (request['open_files'], resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    if request.get('folder'):
        os.chdir(request['folder'])
    for descriptor, path, flags in ((0, os.devnull, os.O_RDONLY), (1, request['stdout'], os.O_WRONLY), (2, request['stderr'], os.O_WRONLY)):
        opened = os.open(path, flags)
        os.dup2(opened, descriptor)
        os.close(opened)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    prepare(request['paths'], request['module_utils'], request['module'], request['file'])
    allow_respawn(request)
    sys.argv = [request['file']]
    arguments = request['arguments'].encode('utf-8')
    module = request['module']
    library = request['respawn']
    try:
        from ansible.module_utils._internal._ansiballz import _loader
    except ImportError:
        import runpy
        from ansible.module_utils import basic
        basic._ANSIBLE_ARGS = arguments
        tell_missing(runpy.run_module)(module, init_globals={'_module_fqn': module, '_modlib_path': library}, run_name='__main__', alter_sys=True)
    else:
        if hasattr(_loader, '_run_module'):
            _loader._run_module = tell_missing(_loader._run_module)
        _loader.run_module(json_params=arguments, profile=request['profile'], module_fqn=module, modlib_path=library, extensions={})
    return 0


class Learned:
    """What modules import of the standard library, which is then read here once instead of in each of them. Nothing else
    is: packages may be installed while this process runs."""

    def __init__(self):
        self.reading, self.writing = os.pipe()
        for descriptor in (self.reading, self.writing):
            os.set_blocking(descriptor, False)
        self.standard = getattr(sys, 'stdlib_module_names', frozenset())
        self.counts = {}

    def tell(self, before):
        """In the child."""
        names = [name for name in sys.modules if name not in before and name.partition('.')[0] in self.standard]
        while names:
            # Pieces as short as those that no other child writes into.
            try:
                os.write(self.writing, (' '.join(names[:50]) + '\n').encode('ascii', 'replace'))
            except BlockingIOError:
                return
            names = names[50:]

    def take(self):
        """Reads those that were told twice."""
        for name in os.read(self.reading, 1 << 16).decode('ascii').split():
            self.counts[name] = self.counts.get(name, 0) + 1
            if self.counts[name] == 2:
                try:
                    __import__(name)
                except Exception:
                    pass
        gc.freeze()


def child(request, learned):
    code = 1
    before = frozenset(sys.modules)
    try:
        code = run(request)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else (0 if ended.code is None else 1)
        if isinstance(ended.code, str):
            sys.stderr.write(ended.code + '\n')
    except BaseException:
        import traceback
        traceback.print_exc()
    finally:
        try:
            import atexit
            atexit._run_exitfuncs()
            learned.tell(before)
            sys.stdout.flush()
            sys.stderr.flush()
        except BaseException:
            pass
        os._exit(code)


def answer(**message):
    data = (json.dumps(message) + '\n').encode('utf-8')
    while data:
        data = data[os.write(OUT, data):]


def reap(running):
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        number = running.pop(pid, None)
        if number is not None:
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
            answer(id=number, code=code)


def serve():
    running = {}
    learned = Learned()
    wake_read, wake_write = os.pipe()
    for descriptor in (wake_read, wake_write):
        os.set_blocking(descriptor, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write)
    pending = b''
    while True:
        ready = select.select([IN, wake_read, learned.reading], [], [])[0]
        if wake_read in ready:
            try:
                os.read(wake_read, 4096)
            except BlockingIOError:
                pass
            reap(running)
        if IN not in ready:
            if learned.reading in ready:
                learned.take()
            continue
        data = os.read(IN, 1 << 16)
        if not data:
            break
        pending += data
        while b'\n' in pending:
            line, pending = pending.split(b'\n', 1)
            request = json.loads(line.decode('utf-8'))
            pid = os.fork()
            if pid == 0:
                os.setpgid(0, 0)
                signal.set_wakeup_fd(-1)
                for descriptor in (wake_read, wake_write, IN, OUT, learned.reading):
                    os.close(descriptor)
                child(request, learned)
            try:
                # Here too: whoever is told of it may kill its group at once.
                os.setpgid(pid, pid)
            except OSError:
                pass
            running[pid] = request['id']
            answer(id=request['id'], pid=pid)
    for pid in running:
        try:
            os.killpg(pid, signal.SIGKILL)
        except OSError:
            pass


# The module's own standard streams are files: ours move out of the way, so that nothing that is printed gets between answers.
IN, OUT = os.dup(0), os.dup(1)
nothing = os.open(os.devnull, os.O_RDWR)
os.dup2(nothing, 0)
os.dup2(nothing, 1)
os.close(nothing)
warm_up()
answer(ready=True, version=list(sys.version_info[:2]))
serve()
