class TestModule(object):
    def tests(self):
        return {'even': lambda value: value % 2 == 0}
