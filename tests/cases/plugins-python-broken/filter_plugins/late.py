class Late:
    @property
    def accept_args_markers(self): raise Exception('too late')
class FilterModule:
    def filters(self): return dict(late=Late())
