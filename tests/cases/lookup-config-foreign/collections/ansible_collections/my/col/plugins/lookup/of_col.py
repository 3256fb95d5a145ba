DOCUMENTATION = """
name: of_col
short_description: has an option
description: has an option
options:
  shape: {description: a shape, default: round, env: [{name: OF_COL_SHAPE}]}
"""
from ansible.plugins.lookup import LookupBase
class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs): return terms
