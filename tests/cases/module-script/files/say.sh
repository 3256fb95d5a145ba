#!/bin/sh
echo "args: $# <$1> <$2> in $(basename "$PWD") for $NAME"
echo "trouble" >&2
