DOCUMENTATION = """
name: flattened
short_description: lists in a row
options: {}
"""
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        return [item for term in terms for item in (term if isinstance(term, list) else [term])]
