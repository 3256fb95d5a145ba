def double(value):
    return value * 2


class FilterModule(object):
    def filters(self):
        return {'double': double, 'fails': lambda value: 1 // 0}
