def t_raises(v): raise ValueError('test value')
class TestModule:
    def tests(self): return dict(t_raises=t_raises)
