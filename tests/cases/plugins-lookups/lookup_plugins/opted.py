DOCUMENTATION = """
name: opted
author: nobody
short_description: has options
description: It has options.
options:
  _terms: {description: terms}
  colour:
    description: a colour
    default: none
    env: [{name: MINE_COLOUR}]
    vars: [{name: colour_var}]
    ini: [{section: mine, key: colour}]
  size: {description: a size, type: int, default: 3}
  many: {description: a list, type: list, elements: str, default: []}
  must: {description: choices, choices: [a, b], default: a}
"""
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        self.set_options(var_options=variables, direct=kwargs)
        return [[self.get_option('colour'), self.get_option('size'), self.get_option('many'), self.get_option('must')]]
