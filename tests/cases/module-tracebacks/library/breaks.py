#!/usr/bin/python
from ansible.module_utils._internal import _traceback
from ansible.module_utils.basic import AnsibleModule


def inner(word):
    raise ValueError(word)


def main():
    module = AnsibleModule({'how': {}, 'word': {'default': 'inside'}})
    kinds = sorted(event.name.lower() for event in _traceback.TracebackEvent if _traceback.is_traceback_enabled(event))
    if module.params['how'] == 'kinds':
        module.exit_json(kinds=kinds)
    if module.params['how'] == 'told':
        module.fail_json(msg='it says so', kinds=kinds)
    if module.params['how'] == 'exits':
        raise SystemExit('it ends')
    if module.params['how'] == 'dies':
        raise BaseException(module.params['word'])
    try:
        inner(module.params['word'])
    except ValueError as error:
        if module.params['how'] == 'caught':
            module.fail_json(msg='it failed', exception=error)
        raise Exception('outside') from error


if __name__ == '__main__':
    main()
