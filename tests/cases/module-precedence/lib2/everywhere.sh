#!/bin/sh
# WANT_JSON
echo "{\"where\": \"env\"}"
