VALUE = 'the playbook'
