import datetime
from ansible.errors import AnsibleFilterError
from jinja2 import pass_context, pass_environment


def shout(text, mark='!', times=1):
    return text.upper() + mark * times


def kind(value):
    names = [c.__name__ for c in (str, bool, int, float, dict, list, tuple, bytes, type(None)) if isinstance(value, c)]
    return names[0] if names else 'something else'


def kinds(value):
    return {'list': [1, 'a', None, True, 1.5], 'dict': {'b': 1, 'a': [2]}, 'tuple': (1, (2, 3)), 'big': 2 ** 70, 'none': None,
            'generator': (n * n for n in range(3)), 'numbers': {1: 'one', 2.5: 'float'}, 'text': '{{ not_a_template }}',
            'unicode': 'ü€😀', 'date': datetime.date(2020, 2, 3), 'range': range(3), 'long': 'x' * 10, 'nested': [[{'x': (1,)}]]}[value]


def keys_of(mapping):
    return sorted(mapping.keys())


def said(value):
    raise AnsibleFilterError('it said so: %s' % value)


def crash(value):
    return {}[value]


def caused(value):
    try:
        int(value)
    except ValueError as error:
        raise AnsibleFilterError('no number') from error


@pass_environment
def through(environment, value):
    return environment.filters['upper'](value) if 'upper' in environment.filters else 'none'


@pass_context
def of_context(context, name):
    return context.get(name, 'not there')


class FilterModule:
    def filters(self):
        return {'shout': shout, 'kind': kind, 'kinds': kinds, 'keys_of': keys_of, 'said': said, 'crash': crash, 'caused': caused,
                'through': through, 'of_context': of_context, 'other_name': shout}
