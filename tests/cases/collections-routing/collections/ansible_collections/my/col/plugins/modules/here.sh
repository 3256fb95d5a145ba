#!/bin/sh
echo '{"changed": false, "msg": "here of my.col"}'
