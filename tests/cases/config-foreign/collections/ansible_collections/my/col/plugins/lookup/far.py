DOCUMENTATION = """
name: far
short_description: far
description: Far.
options:
  reach: {description: How far., default: 3, type: int, env: [{name: FAR_REACH}]}
"""
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        return terms
