from ansible.plugins.lookup import LookupBase
from jinja2 import Undefined
class LookupModule(LookupBase):
    accept_args_markers = True
    def run(self, terms, variables=None, **kwargs):
        return [isinstance(term, Undefined) for term in [*terms, *kwargs.values()]]
