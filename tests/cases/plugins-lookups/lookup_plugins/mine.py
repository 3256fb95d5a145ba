from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        return ['%s of mine' % term for term in terms] + sorted('%s=%s' % pair for pair in kwargs.items())
