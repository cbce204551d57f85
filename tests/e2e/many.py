#!/usr/bin/env python3
"""Ten thousand events to two apps at once: counted, compared, and the forwarder's memory looked at.

    many.py --ingest PORT --events N --ports FILE --report FILE

Writes the ports of both apps to FILE, waits until the pid of the forwarder stands in FILE.go, posts N events with their number as path, and waits until both
have all. The first app takes its time, so that many requests are under way at once; the second one answers at once. The report is
JSON: what each app got in its order, the most requests under way at once, and the forwarder's memory early and late.
"""
import argparse
import asyncio
import json
import os

SENDERS = 16
PAUSE = 0.02


class App:
    def __init__(self, pause):
        self.pause = pause
        self.got, self.under_way, self.most = [], 0, 0

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = [int(line.split(b":")[1]) for line in head.split(b"\r\n")
                          if line.lower().startswith(b"content-length:")]
                await reader.readexactly(length[0] if length else 0)
                self.got.append(int(head.split(b" ")[1].strip(b"/")))
                self.under_way += 1
                self.most = max(self.most, self.under_way)
                if self.pause:
                    await asyncio.sleep(self.pause)
                self.under_way -= 1
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def listen(self):
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return server.sockets[0].getsockname()[1]


async def post(port, numbers):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in numbers:
        writer.write(b"POST /%d HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" % number + b"x" * 1000)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in answer, answer
        await reader.readexactly(int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
    writer.close()


def memory_kb(pid):
    with open("/proc/%d/status" % pid) as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


async def until(condition, seconds):
    for _ in range(seconds * 50):
        if condition():
            return
        await asyncio.sleep(0.02)


async def run(args):
    slow, quick = App(PAUSE), App(0)
    with open(args.ports + ".part", "w") as out:
        out.write("%d %d\n" % (await slow.listen(), await quick.listen()))
    os.rename(args.ports + ".part", args.ports)
    await until(lambda: os.path.exists(args.ports + ".go"), 30)
    pid = int(open(args.ports + ".go").read())
    numbers = iter(range(args.events))
    early = []

    def next_numbers():
        for number in numbers:
            if number == args.events // 5:
                early.append(memory_kb(pid))
            yield number

    shared = next_numbers()
    await asyncio.gather(*(post(args.ingest, shared) for _ in range(SENDERS)))
    await until(lambda: len(slow.got) >= args.events and len(quick.got) >= args.events, 120)
    await asyncio.sleep(0.5)  # what would come twice comes now
    with open(args.report, "w") as out:
        json.dump({"slow": slow.got, "quick": quick.got, "most": slow.most, "most_quick": quick.most,
                   "early_kb": early[0], "late_kb": memory_kb(pid)}, out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ingest", type=int, required=True)
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--ports", required=True)
    parser.add_argument("--report", required=True)
    asyncio.run(run(parser.parse_args()))


main()
