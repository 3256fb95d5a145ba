"""What `ansible-config init` writes, without the texts of its comments: those are everybody's own."""
import re
import subprocess
import sys

TYPE = r"\((bool|boolean|choices|dict|dictionary|float|int|integer|list|path|pathlist|pathspec|raw|str|string|tmppath)\)"
shown = subprocess.run(["ansible-config", "init", *sys.argv[1:]], capture_output=True, text=True)
sys.stderr.write(shown.stderr)
is_text = False
for line in shown.stdout.splitlines():
    told = re.match(rf"# {TYPE} ", line) or re.match(rf"# .*?{TYPE}: ", line)
    is_setting = re.match(r"#[A-Za-z_0-9]+(=|: )", line) and "--disabled" in sys.argv
    if told:
        print("# " + told[1])
    elif is_setting or not line.startswith("#") and not (is_text and not line):
        print(line)
    # Texts of several lines may have empty ones.
    is_text = line.startswith("#") and not is_setting
sys.exit(shown.returncode)
