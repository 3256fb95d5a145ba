"""One line a task of what a playbook printed: its name, how it ended, its result, without what differs from run to run."""
import json
import re
import sys

box = sys.argv[1]
name = ""
for line in sys.stdin:
    found = re.match(r"TASK \[(.*?)\] \*", line)
    name = found[1] if found else name
    found = re.match(r"(ok|changed|fatal): \[localhost\].*? => (\{.*\})$", line)
    if not found or name in ("command", "shell"):
        continue
    result = json.loads(found[2])
    if all(isinstance(entry, str) for entry in result.get("results", [])):
        result["results"] = sorted(result.get("results", []))
    text = json.dumps({key: value for key, value in result.items() if key not in ("warnings", "deprecations")}, sort_keys=True)
    print(f"{name}: {found[1]} {text.replace(box, 'BOX')}")
