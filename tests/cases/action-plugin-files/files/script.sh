#!/bin/sh
echo "$#: $1, $2"
echo err >&2
