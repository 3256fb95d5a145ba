#!/bin/sh
# WANT_JSON
word=$(sed -n 's/.*"word": "\([a-z]*\)".*/\1/p' "$1")
echo "{\"ansible_facts\": {\"same\": \"own\", \"deep\": {\"own\": 1, \"list\": [1, 2, 3, 3], \"word\": \"$word\"}}, \"changed\": true, \"other\": 1, \"warnings\": [\"from own\"]}"
