#!/bin/sh
# A retry is under way at a slow app when the same event is replayed there: the replay waits, and sends nothing when it was answered.
. "${0%/*}/lib.sh"

cat >"$work/app.py" <<'PY'
# Answers 500 once, then 200 after a while; says when two requests are there at once.
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
        if nth > 1:
            time.sleep(1.5)
        with lock:
            now -= 1
        self.send_response(500 if nth == 1 else 200)
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
start_hookline --forward "$url" --retry 200ms,200ms,200ms
send /hooks >/dev/null
within 10 grep -q 'begun 2' "$work/requests"
exits 0 "$hookline" replay default#1 --to "$url" --again --yes
contains err.err 'not sent: http://127.0.0.1:[0-9]+ has answered it just now'
within 10 nothing_is_due
contains_not "$work/requests" 'twice at once'
attempts_are 'default#1' '[[1, "forward", 500], [2, "retry", 200]]'
