"""A program under measurement: what it costs."""
import os
import signal
import subprocess
import time

# A server is settled when it has taken at most a fifth of a processor in each of so many looks.
LOOK_S = 0.05
SETTLED_LOOKS = 7


class Process:
    """A server under measurement and everything it started."""

    def __init__(self, words, **popen):
        self.process = subprocess.Popen(words, **popen)

    def tree(self):
        """Process ids: itself and its children."""
        pids, new = [], [self.process.pid]
        while new:
            pids += new
            new = [int(pid) for parent in new for pid in children(parent)]
        return pids

    def cpu(self):
        """Seconds of processor time so far."""
        total = 0
        for pid in self.tree():
            with open("/proc/%d/stat" % pid, encoding="latin1") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def settle(self):
        """Until it has done what it does behind its answers: hookline's index waits while senders come in a rush."""
        last, quiet = self.cpu(), 0
        while quiet < SETTLED_LOOKS:
            time.sleep(LOOK_S)
            now = self.cpu()
            quiet, last = quiet + 1 if now - last <= LOOK_S / 5 else 0, now

    def mebibytes(self):
        """Proportional set size."""
        total = 0
        for pid in self.tree():
            with open("/proc/%d/smaps_rollup" % pid, encoding="ascii") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        return total / 1024

    def resident_mebibytes(self):
        """Of itself alone."""
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:")) / 1024

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()


def children(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
            return file.read().split()
    except OSError:
        return []
