METADATA = """
schema_version: 1
serialization_profile: modern
"""

import datetime

from ansible.module_utils.basic import AnsibleModule


def main():
    AnsibleModule(argument_spec=dict()).exit_json(
        day=datetime.date(2024, 2, 29), noon=datetime.time(12), late=datetime.time(23, 59, 59, 5),
        moment=datetime.datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc), many=(1, 2), several=[datetime.date(2024, 1, 2)])


if __name__ == '__main__':
    main()
