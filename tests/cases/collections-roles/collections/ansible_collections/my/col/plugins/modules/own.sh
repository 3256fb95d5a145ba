#!/bin/sh
echo '{"changed": false, "msg": "a module of my.col"}'
