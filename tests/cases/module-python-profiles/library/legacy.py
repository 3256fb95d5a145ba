METADATA = """
schema_version: 1
serialization_profile: legacy
"""

from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(argument_spec=dict(data=dict(type='raw')))
    data = module.params['data']
    if data == 'fall':
        raise ValueError('fell')
    types = sorted((key, type(value).__name__) for key, value in (data or {}).items())
    module.exit_json(data=data, types=types)


if __name__ == '__main__':
    main()
