from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        if terms[0] == 'said':
            raise AnsibleLookupError('it said so')
        if terms[0] == 'crash':
            return [1 // 0]
        if terms[0] == 'caused':
            try:
                int('x')
            except ValueError as error:
                raise AnsibleError('no number') from error
        if terms[0] == 'undefined':
            return [variables['nosuch']]
        if terms[0] == 'none':
            return None
        return terms[0]
