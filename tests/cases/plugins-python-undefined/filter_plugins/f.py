from ansible.template import accept_args_markers
from jinja2 import Undefined
@accept_args_markers
def takes(value, *more): return [isinstance(one, Undefined) for one in (value, *more)]
@accept_args_markers
def hands_on(value, *more): return value
@accept_args_markers
def uses(value, *more): return 'used ' + value
def same(value, *more): return value
def first(value): return value[0]
class FilterModule:
    def filters(self): return dict(takes=takes, hands_on=hands_on, uses=uses, same=same, first_of=first)
