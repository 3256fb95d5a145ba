from ansible.plugins.action import ActionBase
from ansible.utils.display import Display


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        Display().deprecated('Nobody in particular.', version='9999.9')
        Display().deprecated("Someone's.", date='2034-01-02', collection_name='bla.bla')
        return result
