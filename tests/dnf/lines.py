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
    if all(isinstance(entry, str) or "repoid" in entry for entry in result.get("results", [])):
        result["results"] = sorted(result.get("results", []), key=str)
    # The solver's reasons come in no order, and for a removal stock looks at what the repositories offer as well.
    for at, told in enumerate(result.get("failures", [])):
        if told.startswith("Problem: "):
            reasons = [line.removeprefix("Problem: ").removeprefix("  - ") for line in told.split("\n")]
            result["failures"][at] = sorted(reason for reason in reasons if not re.search(" from base requires ", reason))
    text = json.dumps({key: value for key, value in result.items() if key not in ("warnings", "deprecations")}, sort_keys=True)
    print(f"{name}: {found[1]} {text.replace(box, 'BOX')}")
