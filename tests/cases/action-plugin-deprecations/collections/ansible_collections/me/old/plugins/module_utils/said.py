from ansible.module_utils.datatag import deprecator_from_collection_name

SAID = [
    dict(msg='With a collection and a version.', version='9999.9', collection_name='bla.bla', help_text='Do without.'),
    dict(msg='With a deprecator and a date.', date='2034-01-02', deprecator=deprecator_from_collection_name('bla.bla')),
    dict(msg='With a version alone.', version='9999.9'),
    dict(msg='With nothing.'),
]
