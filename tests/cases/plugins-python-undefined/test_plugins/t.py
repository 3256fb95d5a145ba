from ansible.template import accept_args_markers
from jinja2 import Undefined
@accept_args_markers
def there(value): return not isinstance(value, Undefined)
def one(value): return value == 1
def holds_one(value): return 1 in value
class TestModule:
    def tests(self): return dict(there=there, one=one, holds_one=holds_one)
