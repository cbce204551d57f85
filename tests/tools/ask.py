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
    assert len(data) < 126
    sock.sendall(bytes([0x81, 0x80 | len(data)]) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))


def main(url, request):
    at = urllib.parse.urlsplit(url)
    with socket.create_connection((at.hostname, at.port), timeout=10) as sock:
        sock.sendall((f"GET / HTTP/1.1\r\nHost: {at.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: hookline.v1\r\n"
                      f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n").encode())
        stream = sock.makefile("rb")
        while stream.readline().strip():
            pass
        message(stream)  # welcome
        send(sock, json.dumps({**json.loads(request), "id": 1}))
        answer = message(stream)
        while answer.get("re") != 1:
            answer = message(stream)
        print(json.dumps(answer))


main(*sys.argv[1:])
