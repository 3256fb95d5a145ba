"""Builds small wheels in the folder `wheels`."""
import base64, hashlib, pathlib, sys, zipfile
HERE = pathlib.Path(__file__).resolve().parent
WHEELS = HERE / "wheels"
WHEELS.mkdir(exist_ok=True)
def wheel(name, version, requires=()):
    under = name.replace("-", "_")
    info = f"{under}-{version}.dist-info"
    files = {f"{under}.py": f"version = {version!r}\n",
             f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + "".join(f"Requires-Dist: {one}\n" for one in requires),
             f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: case\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    record = f"{info}/RECORD"
    def digest(text):
        return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
    lines = [f"{path},sha256={digest(text)},{len(text)}" for path, text in files.items()] + [f"{record},,"]
    files[record] = "\n".join(lines) + "\n"
    with zipfile.ZipFile(WHEELS / f"{under}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), text)
for version in ("1.0", "1.1", "2.0"):
    wheel("nafal-one", version)
wheel("nafal-two", "1.0", ["nafal-one>=1.0"])
wheel("Nafal.Three", "0.1")
