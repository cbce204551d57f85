#!/bin/sh
# Who sits in a debugger keeps the provider content: after the time that was set it gets the fallback, the app's answer is kept all the
# same, marked late, and the event says what its sender got. A screen that dies leaves nobody waiting.
. "${0%/*}/lib.sh"

asked() {
	STATUS=$(curl -sS -o "$work/body.out" -w '%{http_code}' --max-time 20 "$@")
}

settled() {
	[ "$(field "$1" answer_by)" = "$2" ]
}

attempts_of() {
	"$hookline" show "$1" --json >"$work/show.out"
	json "$work/show.out" "[(a['status'], a.get('late', False)) for a in doc['attempt_log']]"
}

start_relay
"$hookline" endpoint add shop --answer app --answer-after 20s --answer-status 202 >/dev/null
mkfifo "$work/hold"
cat >"$work/app.py" <<'PY'
import http.server, sys
class App(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *args):
        pass
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/debugger"):
            open(sys.argv[2]).read()
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
open(sys.argv[1], "w").write("%d\n" % server.server_port)
server.serve_forever()
PY
"$python" "$work/app.py" "$work/port" "$work/hold" 2>"$work/app.err" &
children="$children $!"
within 10 test -s "$work/port"
APP_URL=http://127.0.0.1:$(cat "$work/port")
start_hookline --endpoint shop --forward "$APP_URL"

asked "$INGEST/e/shop/quick" -d '{}'
equals "an app that is quick" "$STATUS" 201

"$hookline" endpoint set shop --answer-after 300ms >/dev/null
asked "$INGEST/e/shop/debugger" -d '{}'
equals "an app that is stopped" "$STATUS" 202
within 10 settled shop#3 fallback
equals "why" "$(field shop#3 answer_why)" "no answer of the app in time"
after=$(field shop#3 answer_after_us)
[ "$after" -ge 290000 ] && [ "$after" -lt "${SLOW_LIMIT_US:-2000000}" ] || fail "the fallback came after $after us"
: >"$work/hold" # the debugger goes on
late() {
	[ "$(attempts_of shop#3)" = '[[201, true]]' ]
}
within 10 late
"$hookline" show shop#3 >"$work/show.txt"
contains "$work/show.txt" 'answered +202 to the sender, by the relay in place of the app, after .*: no answer of the app in time'
contains "$work/show.txt" 'late'
# the one who forwards says it in its own line, too
within 10 grep -q 'shop#3 .*-> 201 .*, late' "$work/listen.out"
contains_not "$work/listen.out" 'shop#1 .*late'
equals "the quick one" "$(attempts_of shop#1)" '[[201, false]]'

# the one who forwards dies in the middle
"$hookline" endpoint set shop --answer-after 60s >/dev/null
asked "$INGEST/e/shop/debugger" -d '{}' &
asking=$!
sent() {
	[ "$(list_json --endpoint shop | grep -c '"answer_by":"waiting"')" = 1 ]
}
within 10 sent
kill -KILL "$LISTEN_PID"
wait "$asking"
within 10 settled shop#5 fallback
equals "why" "$(field shop#5 answer_why)" "whoever forwarded it left, or cannot reach the app any more"
equals "what the sender got" "$(field shop#5 answer_status)" 202
