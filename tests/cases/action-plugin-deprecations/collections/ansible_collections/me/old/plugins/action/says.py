from ansible.module_utils.common.warnings import deprecate
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils.said import SAID


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        for said in SAID:
            deprecate(**said)
        Display().deprecated('By the display.', version='9999.9')
        return result
