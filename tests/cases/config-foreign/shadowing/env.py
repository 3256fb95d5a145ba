DOCUMENTATION = """
name: env
short_description: stands for another
description: It stands for another.
options:
  own: {description: Its own., default: 1, type: int, env: [{name: OWN_ENV}]}
"""
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        return terms
