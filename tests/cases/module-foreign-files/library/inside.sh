#!/bin/sh
cat > "$0.args" <<'END'
<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>
END
grep -o '"word": "[a-z]*"' "$0.args" > /dev/null && echo '{"found": true}' || echo '{"found": false}'
rm "$0.args"
