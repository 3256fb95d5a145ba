class FilterModule(object):
    def filters(self):
        return {'configured': lambda value: 'configured ' + value}
