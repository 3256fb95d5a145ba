#!/bin/sh
echo "no json" ; echo "why" >&2; exit 3
