class FilterModule:
    def filters(self):
        return {'random_mac': lambda start: start + ':00'}
