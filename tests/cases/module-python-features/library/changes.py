from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib
from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict, recursive_diff
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.common.text.formatters import bytes_to_human, human_to_bytes
from ansible.module_utils.own_text import shout
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.module_utils.urls import fetch_url


def main():
    module = AnsibleModule(argument_spec=dict(home=dict(fallback=(env_fallback, ['NOT_SET_ANYWHERE', 'LANG'])), force=dict(type='bool', default=False), url_password=dict(no_log=True)), supports_check_mode=True)
    response, info = fetch_url(module, 'http://localhost:1/')
    module.exit_json(
        changed=not module.check_mode, ansible_facts=dict(own=dict(a=shout('b')), discovered_interpreter_own='refused'), home=module.params['home'],
        snake=camel_dict_to_snake_dict(dict(fooBar=1, HTTPPort=[dict(aB=2)])), diff_of=recursive_diff(dict(a=1, b=dict(c=2)), dict(a=1, b=dict(c=3))),
        human=bytes_to_human(123456), number=human_to_bytes('2M'), yes=boolean('yes'), lib=missing_required_lib('x').split(' on ')[0],
        status=info['status'], none=response, gone=remove_values('a secret', ['secret']))


if __name__ == '__main__':
    main()
