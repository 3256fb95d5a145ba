import nosuchmodule
class FilterModule:
    def filters(self): return dict(bad=lambda v: v)
