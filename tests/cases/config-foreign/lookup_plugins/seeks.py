DOCUMENTATION = """
name: seeks
short_description: seeks
description: [It seeks.]
options:
  _terms: {description: What to seek., required: true}
  colour:
    description: [Which colour., And no other.]
    type: str
    default: dark blue
    env: [{name: SEEKS_COLOUR}, {name: SEEKS_COLOR}]
    ini: [{section: seeks, key: colour}]
    vars: [{name: seeks_colour}]
  many:
    description: Several.
    type: list
    elements: str
    default: [a, b]
    env: [{name: SEEKS_MANY}]
    ini: [{section: seeks, key: many}]
  deep:
    description: Whether it is deep.
    type: bool
    default: true
    env: [{name: SEEKS_DEEP}]
    ini: [{section: other, key: deep}]
  count:
    description: How many.
    type: int
    ini: [{section: seeks, key: count}]
  must:
    description: What must be said.
    required: true
    env: [{name: SEEKS_MUST}]
  bare: {description: Only as an argument.}
"""
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        return terms
