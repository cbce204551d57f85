#!/bin/sh
# Many servers write head and body of an answer one after the other, and hold the body back until the head is acknowledged, which a
# Linux client delays by 40 ms. So when a head came without its body, the next acknowledgement is asked for at once.
. "${0%/*}/lib.sh"

[ "$(uname -s)" = Linux ] || skip "TCP_QUICKACK is of Linux"
command -v strace >/dev/null || skip "strace is not installed"
strace -qq -o /dev/null true 2>/dev/null || skip "tracing is not allowed here"
ASAN_OPTIONS=detect_leaks=0 # it cannot look while another traces

cat >"$work/app.py" <<'PY'
# /whole: head and body in one write. /split: the body only once the client has the head.
import socket, sys, threading
def serve(connection):
    stream = connection.makefile("rb")
    while True:
        line = stream.readline()
        if not line:
            return
        length = 0
        while True:
            header = stream.readline().strip().lower()
            if not header:
                break
            if header.startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        stream.read(length)
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
        if b"/split" in line:
            connection.sendall(head)
            open(sys.argv[2]).read()
            connection.sendall(b"ok")
        else:
            connection.sendall(head + b"ok")
server = socket.create_server(("127.0.0.1", 0))
open(sys.argv[1], "w").write("%d\n" % server.getsockname()[1])
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
PY
mkfifo "$work/body"
"$python" "$work/app.py" "$work/port" "$work/body" 2>"$work/app.err" &
children="$children $!"
within 10 test -s "$work/port"
url=http://127.0.0.1:$(cat "$work/port")

start_relay
send /whole >/dev/null
send /split >/dev/null

# replayed REF LOG: in the background, traced
replayed() {
	strace -D -f -qq -o "$work/$2" -e trace=setsockopt "$hookline" replay "$1" --to "$url" --as-received --yes \
		>"$work/$2.out" 2>"$work/$2.err" </dev/null &
	pid=$!
	children="$children $pid"
}

asked_for() {
	grep -q 'TCP_QUICKACK, \[1\]' "$work/$1" 2>/dev/null
}

replayed default#2 split
within 20 asked_for split
: >"$work/body"
wait $pid || fail "the split answer was not taken: $(cat "$work/split.err")"

replayed default#1 whole
wait $pid || fail "the whole answer was not taken: $(cat "$work/whole.err")"
! asked_for whole || fail "asked for where the body was there"
