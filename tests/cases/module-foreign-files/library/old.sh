#!/bin/sh
. "$1"
echo "{\"changed\": true, \"one\": \"$one\", \"two\": \"$two\", \"check\": \"$_ansible_check_mode\"}"
