#!/bin/sh
# WANT_JSON
echo "{\"skipped\": true, \"msg\": \"not today\"}"
