from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule(argument_spec=dict(number=dict(type="int", required=True)))
module.exit_json(changed=False, ansible_facts=dict(own=module.params["number"]))
