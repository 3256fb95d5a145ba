#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule


def first():
    raise ValueError('first')


def second(how):
    try:
        first()
    except ValueError as error:
        if how == 'context':
            raise KeyError('second')
        if how == 'cause':
            raise KeyError('second') from error
        if how == 'nothing':
            raise KeyError('second') from None
        if how == 'repeats':
            raise RuntimeError('it says first') from error
        raise RuntimeError('a sentence.') from error


def third(how):
    try:
        second('context')
    except KeyError as error:
        if how == 'deep-cause':
            raise TypeError('third') from error
        raise TypeError('third')


module = AnsibleModule({'how': {}, 'told': {'type': 'bool'}})
how = module.params['how']
try:
    third(how) if how.startswith('deep') else second(how)
except Exception as error:
    if module.params['told']:
        module.fail_json(msg='it failed', exception=error)
    raise
