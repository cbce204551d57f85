"""P7: how much later an app has a webhook than its sender sent it, beside nginx, a direct POST and smee-client."""
import os
import shutil
import statistics
import subprocess
import time

from measured import Process

SMEE = "smee-client@5.0.0"
HERE = os.path.dirname(os.path.abspath(__file__))
OPTIONS = ("-c", "8", "-r", "50", "-k", "0")


class Direct:
    """The app itself, as a server for the load."""

    path = "/"

    def __init__(self, sink):
        self.port, self.cpu, self.settle = sink.port, sink.cpu, sink.settle


class Smee(Process):
    """smee-client behind a server of our own that speaks what smee.io speaks; nothing leaves this machine."""

    path = "/channel"

    def __init__(self, bench, folder, sink):
        server = subprocess.Popen(["node", os.path.join(HERE, "smee_server.mjs")], stdout=subprocess.PIPE)
        self.server = bench.keep(server)
        self.port = int(server.stdout.readline())
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        super().__init__(
            ["node", os.path.join(folder, "node_modules", "smee-client", "bin", "smee.js"),
             "-u", "http://127.0.0.1:%d%s" % (self.port, self.path), "-t", "http://127.0.0.1:%d" % sink.port],
            stdout=open(os.path.join(bench.dir, "smee.out"), "wb"), env=environment)
        bench.run(self)
        end = time.monotonic() + 10
        while not self.forwards(bench) and time.monotonic() < end:
            time.sleep(0.05)

    def forwards(self, bench):
        with open(os.path.join(bench.dir, "smee.out"), "rb") as out:
            return b"Forwarding" in out.read()

    def cpu(self):
        return super().cpu() + self.server.cpu()


def install(bench):
    """Where smee-client is, in a temporary folder; None and why not."""
    folder = os.path.join(bench.dir, "smee")
    if not (shutil.which("npm") and shutil.which("node")):
        return None, "npm and Node.js are not here"
    os.makedirs(folder)
    done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, SMEE],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=False)
    return (folder, "") if done.returncode == 0 else (None, "%s could not be installed" % SMEE)


def quantile_ms(results, name):
    return statistics.median(result[name] for result in results) / 1000


def to_nginx(bench, ours, theirs):
    ratio = statistics.median(a["p50_us"] / b["p50_us"] for a, b in zip(ours, theirs))
    bench.row("P7", "POST to app p50 at 50/s, to nginx proxy_pass", "<= 4 (2.5)", "%.1f" % ratio, ratio <= 4,
              "p50 %.2f ms, p99 %.2f ms; nginx p50 %.2f ms" % (
                  quantile_ms(ours, "p50_us"), quantile_ms(ours, "p99_us"), quantile_ms(theirs, "p50_us")))


def to_direct(bench, ours, direct):
    added = statistics.median(a["p50_us"] - b["p50_us"] for a, b in zip(ours, direct)) / 1000
    bench.row("P7", "added to a direct POST, p50", "< 3 ms", "%.2f ms" % added, added < 3,
              "direct p50 %.2f ms" % quantile_ms(direct, "p50_us"))


def to_smee(bench, ours, smee):
    ratio = statistics.median(a["p50_us"] / b["p50_us"] for a, b in zip(ours, smee))
    bench.row("P7", "the same p50, to smee-client", "< 1", "%.2f" % ratio, ratio < 1,
              "smee-client p50 %.2f ms, p99 %.2f ms (it stores nothing, and sends the body as JSON.stringify has it)" % (
                  quantile_ms(smee, "p50_us"), quantile_ms(smee, "p99_us")))


def p7(bench, sink, relay, nginx, through):
    folder, why = install(bench)
    servers = [relay, nginx, Direct(sink)]
    if folder:
        servers.append(Smee(bench, folder, sink))
    else:
        print("     %s: smee-client is left out" % why)
    time.sleep(0.5)
    results = bench.rounds(*[lambda server=server: through(bench, sink, server, *OPTIONS, seconds=2)
                             for server in servers])
    to_nginx(bench, *results[:2])
    to_direct(bench, results[0], results[2])
    if folder:
        to_smee(bench, results[0], results[3])
