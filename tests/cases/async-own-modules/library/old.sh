#!/bin/sh
. "$1"
echo "{\"changed\": false, \"a\": \"$a\"}"
