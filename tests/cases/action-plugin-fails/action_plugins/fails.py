from ansible.errors import AnsibleActionFail, AnsibleActionSkip, AnsibleError, AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        how = self._task.args['how']
        result = super().run(tmp, task_vars)
        if how == 'fail':
            raise AnsibleActionFail('told to fail')
        if how == 'fail with':
            raise AnsibleActionFail('told to fail', result={'more': 1, 'changed': True})
        if how == 'skip':
            raise AnsibleActionSkip('told to skip')
        if how == 'skip with':
            raise AnsibleActionSkip('told to skip', result={'more': 1})
        if how == 'error':
            raise AnsibleError('an error')
        if how == 'caused':
            try:
                raise ValueError('inner')
            except ValueError as error:
                raise AnsibleError('an error') from error
        if how == 'value':
            raise ValueError('a value')
        if how == 'key':
            return {}['nothing']
        if how == 'connection':
            raise AnsibleConnectionFailure('gone')
        if how == 'failed':
            return {'failed': True, 'msg': 'failed quietly', 'rc': 3}
        if how == 'nomsg':
            return {'failed': True}
        if how == 'none':
            return None
        if how == 'list':
            return [1]
        if how == 'warns':
            Display().warning('be warned')
            Display().deprecated('be told', version='9.9', collection_name='a.b')
            return {'changed': True, 'warnings': ['own']}
        if how == 'unreachable':
            return {'unreachable': True, 'msg': 'not there'}
        if how == 'facts':
            return {'ansible_facts': {'made': 'by the plugin'}, '_ansible_facts_cacheable': False}
        if how == 'private':
            return {'_ansible_verbose_always': True, '_ansible_thing': 1, 'shown': 1}
        if how == 'skipped':
            return {'skipped': True, 'skip_reason': 'because'}
        if how == 'object':
            return {'thing': object()}
        if how == 'exits':
            raise SystemExit(3)
        if how == 'validate':
            _result, new = self.validate_argument_spec(argument_spec={'how': {}, 'n': {'type': 'int'}, 'need': {'required': True}})
            return {'new': new}
        return {'how': how}
