#!/bin/sh
# WANT_JSON
echo "{\"failed\": true, \"msg\": \"it failed\", \"ansible_facts\": {\"same\": \"fails\"}}"
