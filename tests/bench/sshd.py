"""Real sshds of our own on loopback: own host key, user key, configuration, port; nothing of the user's ssh is read or changed."""
from __future__ import annotations

import getpass
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

# One sshd takes 16 listening addresses at the most.
ADDRESSES_EACH = 10


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children_of(parent: int) -> list[int]:
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == parent:
                found += [int(entry.name), *children_of(int(entry.name))]
    return found


class Servers:
    """Started on first use; all stop with the bench."""

    def __init__(self, folder: pathlib.Path):
        self.folder, self.running, self.port = folder, [], 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.drop_connections()
        for server in self.running:
            server.terminate()
            server.wait()

    def start(self) -> str | None:
        """None, or why it can't."""
        if self.running:
            return None
        binary = shutil.which("sshd") or next((p for p in ("/usr/sbin/sshd", "/usr/local/sbin/sshd") if os.path.exists(p)), None)
        if not binary or not shutil.which("ssh") or not shutil.which("ssh-keygen"):
            return "not measured: sshd, ssh or ssh-keygen isn't installed (openssh-server)"
        self.folder.mkdir(mode=0o700)
        for key in ("host_key", "user_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / key)], check=True)
        shutil.copy(self.folder / "user_key.pub", self.folder / "authorized_keys")
        if os.geteuid() == 0:
            pathlib.Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        self.port = free_port()
        for number in range(2):
            self.running.append(self.serve(binary, number))
        return self.wait_until_ready()

    def serve(self, binary: str, number: int) -> subprocess.Popen:
        first = 1 + number * ADDRESSES_EACH
        listen = "\n".join(f"ListenAddress 127.0.0.{n}" for n in range(first, first + ADDRESSES_EACH))
        config = self.folder / f"config{number}"
        # A bash that sshd starts reads the user's .bashrc when SHLVL is unset, which may cost anything from nothing to
        # seconds. With SHLVL set it doesn't, the same for both sides.
        config.write_text(f"Port {self.port}\n{listen}\nHostKey {self.folder}/host_key\nPidFile none\n"
                          f"AuthorizedKeysFile {self.folder}/authorized_keys\nStrictModes no\nUsePAM no\nUseDNS no\n"
                          "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n"
                          "MaxStartups 500\nMaxSessions 100\nPrintMotd no\nPrintLastLog no\nLogLevel ERROR\n"
                          "SetEnv SHLVL=1\nSubsystem sftp internal-sftp\n")
        log = (self.folder / f"log{number}").open("wb")
        return subprocess.Popen([binary, "-D", "-e", "-f", str(config)], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def wait_until_ready(self) -> str | None:
        for number, server in enumerate(self.running):
            address = f"127.0.0.{1 + number * ADDRESSES_EACH}"
            for _ in range(100):
                if server.poll() is not None:
                    return f"not measured: sshd ended: {(self.folder / f'log{number}').read_text()[-300:]}"
                try:
                    socket.create_connection((address, self.port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
        probe = subprocess.run(["ssh", "-F", "none", "-i", str(self.folder / "user_key"), "-p", str(self.port), "-o", "IdentitiesOnly=yes",
                                "-o", "BatchMode=yes", "-o", "UserKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=no",
                                "-o", "LogLevel=ERROR", "127.0.0.1", "true"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return None if probe.returncode == 0 else f"not measured: ssh to our own sshd fails: {probe.stderr.strip()[-300:]}"

    def drop_connections(self) -> None:
        """Ends every session, so that the clients' masters end too: the next run connects anew."""
        for server in self.running:
            for child in children_of(server.pid):
                try:
                    os.kill(child, signal.SIGTERM)
                except ProcessLookupError:
                    pass
        if self.running:
            time.sleep(0.3)

    def inventory_lines(self, count: int) -> list[str]:
        return [f"ssh{n:02} ansible_host=127.0.0.{n}" for n in range(1, count + 1)]

    def inventory_variables(self) -> str:
        return (f"ansible_connection=ssh\nansible_port={self.port}\nansible_user={getpass.getuser()}\n"
                f"ansible_ssh_private_key_file={self.folder}/user_key")
