#!/bin/sh
echo '{"a": NaN, "b": [Infinity, -Infinity], "c": "NaN", "changed": false}'
