#!/bin/sh
# Slack does not try again what is answered with X-Slack-No-Retry: 1, so the policy "as the provider does" does not either.
. "${0%/*}/lib.sh"

cat >"$work/app.py" <<'PY'
import http.server, sys
class App(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with open(sys.argv[2], "a") as log:
            log.write(self.path + "\n")
        self.send_response(500)
        if self.path == "/enough":
            self.send_header("x-slack-no-retry", "1")
        self.send_header("Content-Length", "0")
        self.end_headers()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
open(sys.argv[1], "w").write("%d\n" % server.server_port)
server.serve_forever()
PY
"$python" "$work/app.py" "$work/port" "$work/requests" 2>"$work/app.err" &
children="$children $!"
within 10 test -s "$work/port"

start_relay
"$hookline" endpoint add chat --provider slack >/dev/null
start_hookline --forward "127.0.0.1:$(cat "$work/port")" --retry "provider @600x"
send /e/chat/again --body '{"type":"event_callback","event_id":"Ev1"}' >/dev/null
send /e/chat/enough --body '{"type":"event_callback","event_id":"Ev2"}' >/dev/null
within 20 grep -q 'chat#1 is not tried again: given up after 4 attempts: 500' "$work/listen.err"
equals "requests that were tried again" "$(grep -c again "$work/requests")" 4
equals "requests that were not" "$(grep -c enough "$work/requests")" 1
nothing_is_due || fail "something is still due"
