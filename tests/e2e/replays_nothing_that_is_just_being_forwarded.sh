#!/bin/sh
# A first forward is under way at a slow app when the same event is replayed there from that screen: the replay waits for its end.
. "${0%/*}/lib.sh"

cat >"$work/app.py" <<'PY'
# Answers 200 after a while; says when two requests are there at once.
import http.server, sys, threading, time
lock, now, seen = threading.Lock(), 0, 0
class App(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass
    def do_POST(self):
        global now, seen
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with lock:
            now, seen = now + 1, seen + 1
            nth = seen
            print("begun", nth, "twice at once" if now > 1 else "alone", flush=True)
        time.sleep(1.5)
        with lock:
            now -= 1
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
open(sys.argv[1], "w").write("%d\n" % server.server_port)
server.serve_forever()
PY
"$python" "$work/app.py" "$work/port" >"$work/requests" 2>"$work/app.err" &
children="$children $!"
within 10 test -s "$work/port"
url=http://127.0.0.1:$(cat "$work/port")

start_relay
start_screen --forward "$url"
shows 'forward'
send /hooks >/dev/null
within 10 grep -q 'begun 1' "$work/requests"
shows 'default#1'
keys 'r'
within 10 grep -q 'begun 2' "$work/requests"
shows '  2 +200'
contains_not "$work/requests" 'twice at once'
attempts_are 'default#1' '[[1, "forward", 200], [2, "replay", 200]]'

# and so does one by a plan
send /hooks >/dev/null
within 10 grep -q 'begun 3' "$work/requests"
shows 'default#4'
keys '<Space>B'
shows 'Replay 1 event'
keys 'd<Enter>'
shows 'complete: [01] sent'
contains_not "$work/requests" 'twice at once'
