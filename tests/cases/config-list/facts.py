"""What `ansible-config list` says besides texts; the same of both its formats, JSON here and YAML as well when it is there."""
import json
import subprocess
import sys


def facts(option):
    kept = {key: value for key, value in option.items() if key not in ("description", "name")}
    for text in ("description", "name"):
        if text in option:
            kept["has " + text] = True
    if isinstance(option.get("choices"), dict):
        kept["choices"] = {choice: "" for choice in option["choices"]}
    if "suboptions" in option:
        kept["suboptions"] = {name: facts(one) for name, one in option["suboptions"].items()}
    if "deprecated" in option:
        kept["deprecated"] = {key: value for key, value in option["deprecated"].items() if key not in ("why", "alternatives")}
    return kept


shown = subprocess.run(["ansible-config", "list", "--format", "json", *sys.argv[1:]], capture_output=True, text=True)
sys.stderr.write(shown.stderr)
options = json.loads(shown.stdout)
print(shown.stdout.splitlines()[:3])
for name, option in options.items():
    if name != "PLUGINS":
        print(name, json.dumps(facts(option)))
for kind, plugins in options.get("PLUGINS", {}).items():
    print(kind)
    for plugin, own in plugins.items():
        print(" ", plugin)
        for name, option in own.items():
            print("   ", name, json.dumps(facts(option)))
sys.exit(shown.returncode)
