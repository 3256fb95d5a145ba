from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        what = terms[0]
        if what == 'variable':
            return [variables[terms[1]]]
        if what == 'get':
            return [variables.get(terms[1], 'not there')]
        if what == 'in':
            return [terms[1] in variables]
        if what == 'template':
            return [self._templar.template(variables[terms[1]])]
        if what == 'names':
            return [sorted(name for name in variables if name.startswith('my_'))]
        if what == 'hostvars':
            return [variables['hostvars'][terms[1]][terms[2]]]
        if what == 'groups':
            return [variables['groups']['g']]
        if what == 'file':
            path = self.find_file_in_search_path(variables, 'files', terms[1])
            return [self._loader.get_text_file_contents(path) if hasattr(self._loader, 'get_text_file_contents') else open(path).read()]
        if what == 'playbook_dir':
            return [variables['playbook_dir'], variables['inventory_hostname']]
        raise ValueError(what)
