#!/bin/sh
echo '{"failed": true, "msg": "it said so", "rc": 5}'
