#!/bin/sh
# WANT_JSON
echo "{\"changed\": true, \"count\": $(grep -c word "$1")}"
