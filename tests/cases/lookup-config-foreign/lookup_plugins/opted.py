DOCUMENTATION = """
name: opted
short_description: has options
description: has options
options:
  _terms: {description: what is said}
  colour:
    description: a colour
    default: blue
    choices: [blue, red, green]
    ini: [{section: opted, key: colour}]
    env: [{name: OPTED_COLOUR}]
    vars: [{name: opted_colour}]
  many:
    description: several
    type: list
    elements: str
    ini: [{section: opted, key: many}]
    env: [{name: OPTED_MANY}]
  number:
    description: a number
    type: int
    default: "7"
    ini: [{section: opted, key: number}]
    vars: [{name: opted_number}, {name: opted_number_too}]
  place:
    description: a path
    type: path
    ini: [{section: opted, key: place}]
  quoted:
    description: a text
    type: str
    ini: [{section: opted, key: quoted}]
  wanted:
    description: nobody says it
    type: str
    required: true
  none:
    description: nothing
"""
from ansible.plugins.lookup import LookupBase
class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs): return terms
