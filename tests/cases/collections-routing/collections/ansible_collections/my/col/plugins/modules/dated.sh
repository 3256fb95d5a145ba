#!/bin/sh
echo '{"changed": false, "msg": "dated of my.col"}'
