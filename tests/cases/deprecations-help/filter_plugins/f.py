import jinja2


@jinja2.pass_environment
def f(environment, value):
    raise ValueError('no ' + value)


class FilterModule:
    def filters(self):
        return {'f': f}
