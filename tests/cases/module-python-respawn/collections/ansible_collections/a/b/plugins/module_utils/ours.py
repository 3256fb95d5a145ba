VALUE = 'the collection'
