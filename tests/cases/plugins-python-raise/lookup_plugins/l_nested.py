from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kw):
        try: raise ValueError('deep')
        except ValueError as e: raise AnsibleError('lookup outer') from e
