from ansible.plugins.lookup import LookupBase
class LookupModule(LookupBase):
    accept_args_markers = True
    def run(self, terms, variables=None, **kwargs): return [str(term) for term in terms]
