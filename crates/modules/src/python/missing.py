# What a module imports and nobody has, part of the program of `server.py`.


def missing_support(error):
    """The names of which one should have been there, where a statement of a file's own, outside of any block, imports
    what is no part of `module_utils`; else none. Stock finds those before it sends a module."""
    import ast
    frames, trace = [], error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_name == '<module>':
            frames.append(trace)
        trace = trace.tb_next
    if not frames or not error.name:
        return []
    frame, line = frames[-1].tb_frame, frames[-1].tb_lineno
    try:
        with open(frame.f_code.co_filename, 'rb') as source:
            statements = ast.parse(source.read()).body
    except (OSError, SyntaxError, ValueError):
        return []
    for statement in statements:
        if statement.lineno <= line <= (getattr(statement, 'end_lineno', None) or line):
            looked_for = [imported for imported in imports_of(statement, frame.f_globals) if lacks(error, *imported)]
            return shown(*min(looked_for, key=lambda each: (each[0], each[1] or ''))) if looked_for else []
    return []


def imports_of(statement, variables):
    """Each import of a statement: the module, and the name that is taken from it."""
    import ast
    if isinstance(statement, ast.Import):
        return [(each.name, None) for each in statement.names]
    if not isinstance(statement, ast.ImportFrom):
        return []
    module = statement.module or ''
    if statement.level:
        package = (variables.get('__package__') or '').split('.')
        package = package[:len(package) - statement.level + 1]
        module = '.'.join(package + ([module] if module else []))
    return [(module, each.name) for each in statement.names]


def lacks(error, module, name):
    if not (module + '.').startswith(('ansible.module_utils.', 'ansible_collections.')):
        return False
    if isinstance(error, ModuleNotFoundError):
        return (module + '.').startswith(error.name + '.')
    # The package itself has nothing but modules.
    return module.endswith('.module_utils') and module == error.name and ("'%s'" % name) in str(error)


def shown(module, name):
    names = [module] if name is None else [module + '.' + name, module]
    if name is None and not module.rpartition('.')[0].endswith('.module_utils'):
        names.append(module.rpartition('.')[0])
    return [each for each in names if not each.endswith('.module_utils')]


def tell_missing(run):
    """A module's run, which tells what isn't there in a way of its own."""
    def checked(*positional, **named):
        try:
            return run(*positional, **named)
        except ImportError as error:
            names = missing_support(error)
            if not names:
                raise
            print(json.dumps({'failed': True, 'msg': str(error), '_nafal_no_support': names}))
            sys.exit(1)
    return checked


