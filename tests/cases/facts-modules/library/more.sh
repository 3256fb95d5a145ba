#!/bin/sh
# WANT_JSON
word=$(sed -n 's/.*"word": "\([a-z]*\)".*/\1/p' "$1")
echo "{\"ansible_facts\": {\"same\": \"more\", \"deep\": {\"more\": 1, \"list\": [3, 1, 4], \"word\": \"$word\"}}, \"changed\": true, \"other\": 1, \"warnings\": [\"from more\"]}"
