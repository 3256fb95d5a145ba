"""One line a task of what a playbook printed: its name, how it ended, its result, without what differs from run to run."""
import json
import re
import sys

box = sys.argv[1]
name = ""


def nameless(text):
    """A text in which keys have names for numbers: they are new in each box."""
    # The server's own words for what HTTP calls Not Found.
    text = text.replace(box, "BOX").replace("404: File not found", "404: Not Found")
    for line in open(f"{box}/keys/numbers.yml"):
        key, number = re.match(r'(\w+): "(\w+)"', line).groups()
        for part, size in ("FINGERPRINT", 40), ("LONG", 16), ("SHORT", 8):
            text = re.sub(number[-size:], f"{key.upper()}-{part}", text, flags=re.I)
    # Sets of Python's come in no order.
    text = re.sub(r"(?<=\{)'[^{}]*'(?=\})", lambda found: ", ".join(sorted(found[0].split(", "))), text)
    return re.sub(r"(gpg-pubkey-[A-Z-]+)-[0-9a-f]{8}", r"\1-TIME", text)


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
    print(f"{name}: {found[1]} {nameless(text)}")
