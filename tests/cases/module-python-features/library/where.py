import os
import sys

from ansible.module_utils.basic import AnsibleModule

module = AnsibleModule(argument_spec=dict(), supports_check_mode=True)
module.exit_json(nothing='' in sys.path, folder=os.getcwd(), name=__name__, umask=oct(os.umask(0o22)),
                 stdin=sys.stdin.read(), frozen=getattr(module, '_name'), arguments=len(sys.argv))
