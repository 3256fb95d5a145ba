import os

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    TRANSFERS_FILES = True

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        if self._task.check_mode:
            result['skipped'] = True
            return result
        source = self._find_needle('files', self._task.args['src'])
        folder = self._make_tmp_path()
        aim = self._connection._shell.join_path(folder, 'script.sh')
        self._transfer_file(source, aim)
        self._fixup_perms2((folder, aim), execute=True)
        said = self._low_level_execute_command('%s one "two words"' % aim, sudoable=True)
        result['rc'], result['stdout'], result['stderr'] = said['rc'], said['stdout'], said['stderr']
        result['lines'] = said['stdout_lines']
        home = self._remote_expand_user('~/x')
        result['home'] = home.endswith('/x') and not home.startswith('~')
        self._connection.put_file(source, self._task.args['dest'])
        self._connection.fetch_file(self._task.args['dest'], self._task.args['back'])
        with open(self._task.args['back']) as back:
            result['same'] = back.read() == open(source).read()
        result['stat'] = self._execute_remote_stat(self._task.args['dest'], all_vars=task_vars, follow=False)['size']
        piped = self._low_level_execute_command('cat; exit 3', in_data=b'from in_data')
        result['piped'] = [piped['rc'], piped['stdout']]
        result['chdir'] = self._low_level_execute_command('pwd', chdir='/usr')['stdout_lines']
        self._remove_tmp_path(folder)
        result['gone'] = self._low_level_execute_command('test -e %s' % folder)['rc']
        result['transport'] = self._connection.transport
        result['changed'] = True
        return result
