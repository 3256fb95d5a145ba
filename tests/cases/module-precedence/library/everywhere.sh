#!/bin/sh
# WANT_JSON
echo "{\"where\": \"play\"}"
