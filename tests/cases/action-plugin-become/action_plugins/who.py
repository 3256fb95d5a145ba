from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    TRANSFERS_FILES = True

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        become = self._connection.become
        result.update(
            task=[str(self._low_level_execute_command('id -un')['stdout_lines'])],
            login=[str(self._low_level_execute_command('id -un', sudoable=False)['stdout_lines'])],
            become=become and [become.name, become.get_option('become_user')], become_=self._task.become, user=self._play_context.become_user,
            module=self._execute_module(module_name='command', module_args={'_raw_params': 'id -un; echo $HOME', '_uses_shell': True})['stdout_lines'],
            home=self._remote_expand_user('~'), other=self._remote_expand_user('~root/x'))
        path = self._connection._shell.join_path(self._connection._shell.tmpdir, 'x')
        self._transfer_data(path, 'content')
        self._fixup_perms2((self._connection._shell.tmpdir, path))
        result['read'] = self._execute_module(module_name='command', module_args={'argv': ['cat', path]})['stdout_lines']
        return result
