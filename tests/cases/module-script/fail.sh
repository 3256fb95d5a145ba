#!/bin/sh
echo going
exit 3
