class FilterModule:
    def filters(self):
        return {
            'show': repr,
            'same': lambda value: value,
            'copied': lambda items: [dict(item) for item in items],
            'modes': lambda items: [item.get('mode', 'none') for item in items],
        }
