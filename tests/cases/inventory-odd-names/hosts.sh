#!/bin/sh
echo '{"g": {"hosts": ["s"], "vars": {"odd-s": 1}}, "_meta": {"hostvars": {"s": {"odd-h": 1}}}}'
