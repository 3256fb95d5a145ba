#!/bin/sh
echo said on stderr >&2
echo secret
