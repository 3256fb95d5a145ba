#!/bin/sh
# WANT_JSON
echo "words before"
echo "{\"given\": $(cat "$1")}"
echo "words behind"
