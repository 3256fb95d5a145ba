#!/bin/sh
echo '{"changed": false, "msg": "old of my.col"}'
