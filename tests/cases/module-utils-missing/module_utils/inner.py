from ansible.module_utils.zebra2 import y
