# A warm Python with the user's ansible-core, for filters, tests and lookups that nafal doesn't have. It listens on
# a socket and forks for each connection, so that plugins are alone in their process as they are with ansible-core.
# Started by nafal when a template first names such a plugin; it ends, with what it started, when its input ends.
# A connection carries JSON lines. Whoever calls waits; meanwhile this side may ask for variables.
import base64
import json
import os
import select
import signal
import socket
import sys

SOCKET, PLAYBOOKS, PACKAGES = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
# What stands for values that JSON doesn't have: a dict with this key.
MARK = '!'


def warm_up():
    global loaders, Templar, DataLoader, Undefined, UndefinedError, trust, Mapping, Sequence, AnsibleError, OMIT
    global marker, MarkerError, ChainMap
    if PACKAGES not in sys.path:
        sys.path.append(PACKAGES)
    from ansible.errors import AnsibleError
    from ansible.plugins import loader as loaders
    from ansible.parsing.dataloader import DataLoader
    from ansible.template import Templar
    from ansible.utils.collection_loader import AnsibleCollectionConfig
    from collections import ChainMap
    from collections.abc import Mapping, Sequence
    from jinja2 import StrictUndefined, Undefined
    from jinja2.exceptions import UndefinedError
    try:
        from ansible._internal._templating._jinja_common import MarkerError, UndefinedMarker

        def marker(message):
            return UndefinedMarker(hint=message, _no_template_source=True)
    except ImportError:
        MarkerError = ()

        def marker(message):
            return StrictUndefined(hint=message)
    try:
        from ansible.template import trust_as_template as trust
    except ImportError:
        def trust(text):
            return text
    try:
        from ansible._internal._templating._utils import Omit as OMIT
    except ImportError:
        OMIT = object()
    loaders.init_plugin_loader()
    AnsibleCollectionConfig.playbook_paths = PLAYBOOKS


class Connection:
    """One caller: its plugins, and the call that is under way."""

    def __init__(self, stream):
        self.input = stream.makefile('r', encoding='utf-8', newline='\n')
        self.output = stream.makefile('w', encoding='utf-8', newline='\n')
        self.roots = 0
        self.files = DataLoader()
        self.warnings = []
        self.objects = object_class(self)
        # What is undefined in this call, by the caller's numbers.
        self.markers = {}

    def send(self, message):
        self.output.write(json.dumps(message, allow_nan=False, ensure_ascii=True) + '\n')
        self.output.flush()

    def receive(self):
        line = self.input.readline()
        if not line:
            os._exit(0)
        return json.loads(line)

    def ask(self, **question):
        self.send({'ask': question})
        answer = self.receive()
        if 'error' in answer:
            raise fault(answer)
        return answer

    def decode(self, value):
        if isinstance(value, list):
            return [self.decode(item) for item in value]
        if not isinstance(value, dict):
            return value
        kind = value.get(MARK)
        if kind is None:
            return {key: self.decode(item) for key, item in value.items()}
        if kind == 'dict':
            return {self.decode(key): self.decode(item) for key, item in value['items']}
        if kind == 'tuple':
            return tuple(self.decode(item) for item in value['items'])
        if kind == 'bytes':
            return base64.b64decode(value['base64'])
        if kind == 'float':
            return float(value['text'])
        if kind == 'date':
            import datetime
            return getattr(datetime, value['kind']).fromisoformat(value['text'])
        if kind == 'template':
            return trust(value['text'])
        if kind == 'object':
            return self.objects(value['id'])
        if kind == 'omit':
            return OMIT
        if kind == 'undefined':
            if value['id'] not in self.markers:
                made = Undefined if value['plain'] else marker
                self.markers[value['id']] = made(value['message'])
            return self.markers[value['id']]
        raise ValueError('a value of an unknown kind: ' + kind)

    def encode(self, value):
        if value is None or isinstance(value, bool):
            return value
        if value is OMIT:
            return {MARK: 'omit'}
        if isinstance(value, Undefined):
            known = [number for number, made in self.markers.items() if made is value]
            return {MARK: 'undefined', 'id': known[0] if known else -1, 'message': undefined_message(value)}
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int):
            return int(value)
        if isinstance(value, float):
            number = float(value)
            if number != number or number in (float('inf'), float('-inf')):
                return {MARK: 'float', 'text': repr(number)}
            return number
        if isinstance(value, (bytes, bytearray)):
            return {MARK: 'bytes', 'base64': base64.b64encode(value).decode('ascii')}
        if isinstance(value, self.objects):
            return {MARK: 'object', 'id': value.number}
        if isinstance(value, Mapping):
            keys = list(value)
            if MARK not in keys and all(isinstance(key, str) for key in keys):
                return {str.__str__(key): self.encode(value[key]) for key in keys}
            return {MARK: 'dict', 'items': [[self.encode(key), self.encode(value[key])] for key in keys]}
        if isinstance(value, tuple):
            return {MARK: 'tuple', 'items': [self.encode(item) for item in value]}
        if isinstance(value, (list, range)) or hasattr(value, '__next__'):
            return [self.encode(item) for item in value]
        if hasattr(value, 'isoformat'):
            return {MARK: 'date', 'kind': type(value).__name__, 'text': str(value)}
        return {MARK: 'other', 'type': type(value).__name__, 'text': str(value)}


def undefined_message(value):
    try:
        str(value)
    except Exception as error:
        return str(error)
    return "'%s' is undefined" % getattr(value, '_undefined_name', None)


def object_class(connection):
    class Remote(Mapping):
        """A mapping of nafal's (`hostvars`): what is in it is asked for when it is needed."""

        def __init__(self, number):
            self.number = number

        def __getitem__(self, key):
            answer = connection.ask(what='item', object=self.number, key=connection.encode(key))
            if not answer['found']:
                raise KeyError(key)
            return connection.decode(answer['value'])

        def __iter__(self):
            return iter(connection.decode(connection.ask(what='keys', object=self.number)['value']))

        def __len__(self):
            return len(list(iter(self)))

        def raw_get(self, key):
            return self[key]

    return Remote


class Variables(dict):
    """The variables of the task: each is asked for when it is needed."""

    def __init__(self, connection):
        dict.__init__(self)
        self.connection = connection
        self.complete = False

    def __missing__(self, name):
        if not self.complete and isinstance(name, str):
            answer = self.connection.ask(what='variable', name=str.__str__(name))
            if answer['found']:
                value = self.connection.decode(answer['value'])
                dict.__setitem__(self, name, value)
                return value
        raise KeyError(name)

    def whole(self):
        if not self.complete:
            for name in self.connection.ask(what='names')['value']:
                if not dict.__contains__(self, name):
                    try:
                        self[name]
                    except KeyError:
                        pass
            self.complete = True
        return self

    def __contains__(self, name):
        try:
            self[name]
        except KeyError:
            return False
        return True

    def get(self, name, default=None):
        try:
            return self[name]
        except KeyError:
            return default

    def __iter__(self):
        return dict.__iter__(self.whole())

    def __len__(self):
        return dict.__len__(self.whole())

    def __bool__(self):
        return True

    def keys(self):
        return dict.keys(self.whole())

    def values(self):
        return dict.values(self.whole())

    def items(self):
        return dict.items(self.whole())

    def copy(self):
        return dict(self.whole())


class LateTemplar:
    """A Templar that fetches the variables when it is first used: most lookups never do."""

    def __init__(self, files, variables):
        self.__dict__.update(files=files, variables=variables, real=None)

    def made(self):
        if self.real is None:
            # Templates take variables from a plain dict alone.
            self.__dict__['real'] = Templar(loader=self.files, variables=plain(self.variables))
        return self.real

    def __getattr__(self, name):
        return getattr(self.made(), name)

    def __setattr__(self, name, value):
        setattr(self.made(), name, plain(value) if isinstance(value, Variables) else value)


def plain(variables):
    return {name: value for name, value in variables.items() if name != 'vars'}


class Plugins:
    """What a connection can call, each loaded when it is first named."""

    def __init__(self, connection):
        self.connection = connection
        self.loaded = {}

    def roots(self, folders):
        for folder in folders:
            loaders.add_all_plugin_dirs(folder)
        self.loaded.clear()

    def load(self, kind, name):
        if (kind, name) not in self.loaded:
            found = None
            if kind == 'lookup':
                found = loaders.lookup_loader.find_plugin_with_context(name)
                found = found if found.resolved else None
            else:
                loader = loaders.filter_loader if kind == 'filter' else loaders.test_loader
                try:
                    found = loader.get(name)
                except KeyError:
                    pass
                except Exception as error:
                    raise Unloaded(error) from error
            self.loaded[kind, name] = found
        return self.loaded[kind, name]

    def find(self, kind, name):
        found = self.load(kind, name)
        if found is None:
            return None
        return getattr(found, 'ansible_name', None) or getattr(found, 'resolved_fqcn', None) or name

    def call(self, kind, name, positional, named):
        try:
            return self.called(kind, name, positional, named)
        except MarkerError as error:
            # What isn't there is the result of whoever uses it.
            return error.source

    def option(self, kind, name, option):
        """What holds of a plugin's option, and who says it; stock's own code knows best what the user's plugins document."""
        from ansible import constants
        try:
            from ansible.errors import AnsibleUndefinedConfigEntry as NoEntry
        except ImportError:
            NoEntry = ()
        if getattr(loaders, kind + '_loader').get(name, class_only=True) is None:
            return {'missing': 'plugin'}
        variables = Variables(self.connection)
        try:
            value, origin = constants.config.get_config_value_and_origin(
                option, plugin_type=kind, plugin_name=name, variables=ChainMap(variables, vars(constants)))
        except NoEntry:
            return {'missing': 'option'}
        return {'value': [self.connection.encode(value), origin]}

    def documented(self, kind, names, file):
        """Options as plugins document them, and what holds of each: of the plugins that are named, else of all that aren't
        ansible-core's own."""
        loader = getattr(loaders, kind + '_loader')
        if names:
            return [self.documents(kind, loader.get(name, class_only=True), file) for name in names]
        own = os.path.dirname(loaders.__file__) + os.sep
        found = []
        for path in loader.all(path_only=True):
            if path.startswith(own):
                continue
            try:
                plugin = loader.get(os.path.splitext(os.path.basename(path))[0], class_only=True)
            except Exception as error:
                self.connection.warnings.append('Skipping plugin (%s), cannot load: %s' % (path, error))
                continue
            if plugin is not None:
                found.append(self.documents(kind, plugin, file))
        return [plugin for plugin in found if plugin is not None]

    def documents(self, kind, plugin, file):
        from ansible import constants, errors
        if plugin is None:
            return None
        name = shown = plugin._load_name
        if name.startswith('_'):
            shown = name[1:] + ' (DEPRECATED)'
        options = constants.config.get_configuration_definitions(kind, name)
        holds = []
        for option in options:
            try:
                value, origin = constants.config.get_config_value_and_origin(
                    option, cfile=file, plugin_type=kind, plugin_name=name, variables=vars(constants))
            except getattr(errors, 'AnsibleRequiredOptionError', ()):
                value = origin = None
            if value is None and origin is None:
                origin = 'REQUIRED'
            holds.append([option, self.connection.encode(value), origin])
        return {'name': shown, 'options': self.connection.encode(options), 'holds': holds}

    def called(self, kind, name, positional, named):
        # Those that are given to a plugin by themselves are its result, unless it takes them.
        missing = [value for value in [*positional, *named.values()]
                   if isinstance(value, Undefined) and type(value) is not Undefined]
        if kind == 'lookup':
            variables = Variables(self.connection)
            templar = LateTemplar(self.connection.files, variables)
            try:
                lookup = loaders.lookup_loader.get(name, loader=self.connection.files, templar=templar)
            except Exception as error:
                raise Unloaded(error) from error
            if missing and not getattr(lookup, 'accept_args_markers', False):
                return missing[0]
            found = lookup.run(list(positional), variables=variables, **named)
            if not isinstance(found, Sequence) or isinstance(found, (str, bytes)):
                raise TypeError('returned %s instead of %s' % (type(found), list))
            return list(found)
        plugin = self.load(kind, name)
        if missing and not getattr(plugin, 'accept_args_markers', False):
            return missing[0]
        function = plugin.j2_function
        needs = getattr(function, 'jinja_pass_arg', None)
        if needs is None:
            return function(*positional, **named)
        return self.in_template(kind, name, positional, named)

    def in_template(self, kind, name, positional, named):
        """Plugins that want the template's environment or variables get a template of their own."""
        word = '|' if kind == 'filter' else 'is'
        arguments = ['nafal_positional[%d]' % index for index in range(1, len(positional))]
        arguments += ['%s=nafal_named[%r]' % (key, key) for key in named]
        text = '{{ nafal_positional[0] %s %s(%s) }}' % (word, name, ', '.join(arguments))
        variables = dict(Variables(self.connection), nafal_positional=list(positional), nafal_named=named)
        try:
            return Templar(loader=self.connection.files, variables=variables).template(trust(text))
        except Exception as error:
            # That template's own words around what the plugin raised; the caller has some, too.
            while type(error).__name__.startswith('AnsibleTemplate') and error.__cause__ is not None:
                error = error.__cause__
            raise error


def fault(answer):
    if answer.get('undefined'):
        return UndefinedError(answer['error'])
    return ValueError(answer['error'])


class Unloaded(Exception):
    """A plugin's file that can't be loaded, with why."""


def told(error):
    """An exception as the caller shows it: its message, and those of what caused it."""
    messages, seen = [], []
    unloaded = isinstance(error, Unloaded)
    error = error.args[0] if unloaded else error
    undefined = isinstance(error, UndefinedError)
    while error is not None and error not in seen:
        seen.append(error)
        text = getattr(error, 'message', None)
        messages.append((text if isinstance(text, str) and text else str(error)).strip())
        # ansible-core's own errors say what caused them themselves.
        error = None if isinstance(error, AnsibleError) else error.__cause__
    return {'error': messages[0], 'causes': messages[1:], 'undefined': undefined, 'unloaded': unloaded}


def serve(stream):
    connection = Connection(stream)
    plugins = Plugins(connection)
    listen_to_warnings(connection)
    while True:
        request = connection.receive()
        connection.markers.clear()
        try:
            if request['do'] == 'roots':
                plugins.roots(request['roots'])
                answer = {'value': None}
            elif request['do'] == 'callbacks':
                # A program of its own, which serves this connection to its end.
                exec(compile(request['program'], 'callbacks.py', 'exec'), globals())
                serve_callbacks(connection, request)
            elif request['do'] == 'action':
                # It answers itself.
                perform_action(connection, request)
                continue
            elif request['do'] == 'find':
                answer = {'found': plugins.find(request['kind'], request['name'])}
            elif request['do'] == 'option':
                answer = plugins.option(request['kind'], request['name'], request['option'])
            elif request['do'] == 'documented':
                answer = {'value': plugins.documented(request['kind'], request['names'], request['file'])}
            else:
                value = plugins.call(request['kind'], request['name'],
                                     [connection.decode(value) for value in request['positional']],
                                     {key: connection.decode(value) for key, value in request['named'].items()})
                answer = {'value': connection.encode(value)}
        except BaseException as error:
            answer = told(error)
        if connection.warnings:
            answer['warnings'] = connection.warnings[:]
            connection.warnings.clear()
        connection.send(answer)


def listen_to_warnings(connection):
    """Warnings go to the caller, who knows where to show them."""
    from ansible.utils.display import Display

    def warning(self, msg, *_, **__):
        connection.warnings.append(str(msg))
    connection.warning = Display.warning
    Display.warning = warning


def listen():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(SOCKET)
    listener.listen(128)
    answer_first({'ready': True})
    while True:
        ready = select.select([listener, 0], [], [])[0]
        if 0 in ready and not os.read(0, 4096):
            break
        if listener not in ready:
            continue
        stream = listener.accept()[0]
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            nothing = os.open(os.devnull, os.O_RDONLY)
            os.dup2(nothing, 0)
            os.close(nothing)
            try:
                serve(stream)
            finally:
                os._exit(0)
        stream.close()
    os.killpg(0, signal.SIGTERM)


def answer_first(message):
    """The one line on standard output; what plugins print goes to standard error."""
    os.write(1, (json.dumps(message) + '\n').encode('ascii'))
    os.dup2(2, 1)


os.setpgid(0, 0)
try:
    warm_up()
except BaseException as error:
    answer_first({'error': '%s: %s' % (type(error).__name__, error)})
    sys.exit(1)
listen()
