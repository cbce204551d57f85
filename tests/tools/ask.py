"""Asks a relay one thing over its stream and prints the answer: ask.py ws://127.0.0.1:8081 '{"type":"relay.stay"}'"""
import base64
import json
import os
import socket
import struct
import sys
import urllib.parse


def read(stream, count):
    data = stream.read(count)
    if len(data) < count:
        raise SystemExit("the relay hung up")
    return data


def message(stream):
    """The next text message; fragments are put together, pings passed over."""
    text = b""
    while True:
        first, second = read(stream, 2)
        size = second & 127
        if size == 126:
            size = struct.unpack("!H", read(stream, 2))[0]
        elif size == 127:
            size = struct.unpack("!Q", read(stream, 8))[0]
        data = read(stream, size)
        if first & 15 < 8:
            text += data
            if first & 128:
                return json.loads(text)


def send(sock, text):
    data, mask = text.encode(), os.urandom(4)
    size = bytes([0x80 | len(data)]) if len(data) < 126 else struct.pack("!BH", 0xfe, len(data))
    sock.sendall(b"\x81" + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))


class Connection:
    """A client of the stream."""

    def __init__(self, url):
        at = urllib.parse.urlsplit(url)
        self.sock = socket.create_connection((at.hostname, at.port), timeout=10)
        self.sock.sendall((
            f"GET / HTTP/1.1\r\nHost: {at.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: hookline.v1\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n").encode())
        self.stream = self.sock.makefile("rb")
        while self.stream.readline().strip():
            pass
        message(self.stream)  # welcome

    def ask(self, request):
        """The first answer to it."""
        send(self.sock, json.dumps({**request, "id": 1}))
        answer = message(self.stream)
        while answer.get("re") != 1:
            answer = message(self.stream)
        return answer

    def close(self):
        self.stream.close()
        self.sock.close()


if __name__ == "__main__":
    print(json.dumps(Connection(sys.argv[1]).ask(json.loads(sys.argv[2]))))
