"""Holds dpkg's lock for some seconds as another package manager does, and comes back once it has it."""
import fcntl, os, sys, time

lock = os.open("/var/lib/dpkg/lock-frontend", os.O_RDWR | os.O_CREAT, 0o640)
ready, told = os.pipe()
if os.fork():
    os.read(ready, 1)
    sys.exit()
# Locks of this kind belong to the process that took them.
os.setsid()
fcntl.lockf(lock, fcntl.LOCK_EX)
os.write(told, b"x")
for number in range(3):
    os.close(number)
time.sleep(float(sys.argv[1]))
