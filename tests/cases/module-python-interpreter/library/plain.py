#!/usr/bin/python
# WANT_JSON
import os
print('{"through": "%s"}' % os.environ.get('THROUGH', 'nothing'))
