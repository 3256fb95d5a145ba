#!/bin/sh
echo '{"changed": false, "msg": "there of oth.er"}'
