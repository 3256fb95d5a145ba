from ansible.plugins.action.debug import ActionModule  # noqa: F401
