def long(text, least=5):
    return len(text) >= least


def broken(text):
    raise ValueError('no test of mine')


class TestModule:
    def tests(self):
        return {'long': long, 'broken': broken}
