import sys
import time
from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(argument_spec=dict(seconds=dict(type='float', default=0), secret=dict(no_log=True), mode=dict(default='well')))
    mode = module.params['mode']
    time.sleep(module.params['seconds'])
    if mode == 'leading':
        print('before the result')
    if mode == 'stderr':
        sys.stderr.write('beside the result\n')
    if mode == 'fails':
        module.fail_json(msg='it failed', rc=3)
    if mode == 'crashes':
        raise Exception('it crashed')
    if mode == 'warns':
        module.warn('a warning')
        module.deprecate('a deprecation', version='9.9', collection_name='a.b')
        module.deprecate('another one', version='9.9')
    try:
        module.exit_json(changed=True, said=module.params['secret'], missing=['x'], ansible_facts=dict(said_fact=1))
    finally:
        if mode == 'trailing':
            print('behind the result')


main()
