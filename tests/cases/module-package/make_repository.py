"""Makes a small apt repository in the folder `repository`, and lets apt know that one alone."""
import glob, hashlib, os, pathlib, shutil, subprocess

PACKAGES = [
    # name, version, further fields
    ("nafal-one", "1.0", ""),
    ("nafal-one", "1.1", ""),
    ("nafal-one", "2.0", ""),
    ("nafal-two", "1.0", "Depends: nafal-one (>= 1.0)\n"),
    ("nafal-two", "1.1", "Depends: nafal-one (>= 1.0)\n"),
    ("nafal-three", "1.0", "Recommends: nafal-four\n"),
    ("nafal-four", "1.0", ""),
    ("nafal-broken", "1.0", "Depends: nafal-missing\n"),
    ("nafal-real", "1.0", "Provides: nafal-virtual\n"),
]
FIELDS = "Maintainer: case <case@localhost>\nArchitecture: all\nSection: misc\nPriority: optional\nDescription: a package of a case\n"
HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE / "repository"


def build(name, version, more):
    folder = HERE / "build"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "DEBIAN").mkdir(parents=True)
    control = f"Package: {name}\nVersion: {version}\n{more}{FIELDS}"
    (folder / "DEBIAN/control").write_text(control)
    (folder / "etc").mkdir()
    (folder / f"etc/{name}.conf").write_text(f"version {version}\n")
    (folder / "DEBIAN/conffiles").write_text(f"/etc/{name}.conf\n")
    for path in [folder, folder / "DEBIAN", folder / "etc"]:
        path.chmod(0o755)
    file = REPOSITORY / f"{name}_{version}_all.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", folder, file], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(folder)
    data = file.read_bytes()
    fields = f"Filename: ./{file.name}\nSize: {len(data)}\nSHA256: {hashlib.sha256(data).hexdigest()}\n"
    return control.replace("Description:", fields + "Description:") + "\n"


def main():
    os.environ["SOURCE_DATE_EPOCH"] = "1767225600"
    REPOSITORY.mkdir(exist_ok=True)
    (REPOSITORY / "Packages").write_text("".join(build(*package) for package in PACKAGES))
    for file in glob.glob("/etc/apt/sources.list.d/*") + glob.glob("/etc/apt/sources.list"):
        os.unlink(file)
    pathlib.Path("/etc/apt/sources.list").write_text(f"deb [trusted=yes] file:{REPOSITORY} ./\n")
    shutil.rmtree("/var/lib/apt/lists", ignore_errors=True)
    pathlib.Path("/var/lib/apt/lists").mkdir()


main()
