from ansible.errors import AnsibleError, AnsibleFilterError
def raises(v): raise ValueError('bad value')
def nested(v):
    try:
        raise ValueError('inner')
    except ValueError as e:
        raise RuntimeError('outer') from e
def ansible_error(v): raise AnsibleError('ansible says no')
def filtererr(v): raise AnsibleFilterError('filter says no')
def ansible_nested(v):
    try:
        raise ValueError('inner')
    except ValueError as e:
        raise AnsibleError('ansible outer') from e
def multi(v): raise ValueError('line one\nline two\n')
def keyerr(v): return {}['nosuch']
def noargs(v): return v
def empty(v): raise ValueError()
class FilterModule:
    def filters(self):
        return dict(raises=raises,nested=nested,ansible_error=ansible_error,ansible_nested=ansible_nested,multi=multi,keyerr=keyerr,noargs=noargs,filtererr=filtererr,empty=empty)
