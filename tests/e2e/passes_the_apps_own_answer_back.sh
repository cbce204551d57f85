#!/bin/sh
# With `--answer app` a provider gets what the app says, byte for byte but for what belongs to the connection; without anybody who
# forwards, and when the app fails, it gets the fallback, and the event says which and why.
. "${0%/*}/lib.sh"

# asked CURL-ARGUMENTS...: STATUS, head.out, body.out
asked() {
	STATUS=$(curl -sS -D "$work/head.out" -o "$work/body.out" -w '%{http_code}' --max-time 20 "$@")
}

# An app that answers as synchronous webhooks do; what it answers is in the path.
cat >"$work/app.py" <<'PY'
import http.server, sys
BODY = bytes(range(256)) * 40
class App(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *args):
        pass
    def raw(self, data):
        self.wfile.write(data)
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/teapot"):
            self.raw(b"HTTP/1.1 418 I'm a  teapot\r\nX-One: 1\r\nx-one: 2\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n"
                     b"Date: Sat, 21 Nov 2026 03:43:41 GMT\r\nConnection: X-Hop\r\nX-Hop: gone\r\nKeep-Alive: timeout=5\r\n"
                     b"Content-Type: application/x-own\r\nTransfer-Encoding: chunked\r\n\r\n")
            for at in range(0, len(BODY), 3000):
                part = BODY[at:at + 3000]
                self.raw(b"%x\r\n%s\r\n" % (len(part), part))
            self.raw(b"0\r\n\r\n")
        elif self.path.startswith("/empty"):
            self.raw(b"HTTP/1.1 204 No Content\r\nX-Kept: yes\r\n\r\n")
        elif self.path.startswith("/broken"):
            self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
            self.close_connection = True
        elif self.path.startswith("/close"):
            self.raw(b"HTTP/1.1 202 Accepted\r\nConnection: close\r\n\r\nuntil the end")
            self.close_connection = True
    def do_HEAD(self):
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 4711\r\nX-Head: yes\r\n\r\n")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
open(sys.argv[1], "w").write(str(server.server_port))
open(sys.argv[2], "wb").write(BODY)
server.serve_forever()
PY
"$python" "$work/app.py" "$work/port" "$work/body.wanted" 2>"$work/app.err" &
children="$children $!"
within 10 test -s "$work/body.wanted"

start_relay
"$hookline" endpoint add shop --answer app --answer-status 503 --answer-header 'X-Fallback: yes' >/dev/null

asked "$INGEST/e/shop/teapot" -d early
equals "the answer without a forwarder" "$STATUS" 503
contains "$work/head.out" '^X-Fallback: yes'
equals "who answered" "$(field shop#1 answer_by)" fallback
equals "why" "$(field shop#1 answer_why)" "no app is there: nobody forwards this event, or its app is away"

start_hookline --endpoint shop --forward "http://127.0.0.1:$(cat "$work/port")"
asked "$INGEST/e/shop/teapot" -d '{}'
equals "the app's status" "$STATUS" 418
cmp "$work/body.out" "$work/body.wanted" || fail "the app's body came back changed"
printf '%s\r\n' "HTTP/1.1 418 I'm a  teapot" 'Content-Length: 10240' 'X-One: 1' 'x-one: 2' 'Set-Cookie: a=b' \
	'Set-Cookie: c=d' 'Date: Sat, 21 Nov 2026 03:43:41 GMT' 'Content-Type: application/x-own' '' >"$work/head.wanted"
cmp "$work/head.out" "$work/head.wanted" || {
	cat "$work/head.out" >&2
	fail "the app's head came back changed"
}
settled() {
	[ "$(field "$1" answer_by)" = "$2" ]
}
within 10 settled shop#2 app
equals "the status that was kept" "$(field shop#2 answer_status)" 418

asked "$INGEST/e/shop/empty" -d '{}'
equals "no content" "$STATUS" 204
contains "$work/head.out" '^X-Kept: yes'
contains_not "$work/head.out" '^Content-Length'

asked -I "$INGEST/e/shop/head"
equals "HEAD" "$STATUS" 200
contains "$work/head.out" '^Content-Length: 4711'
contains "$work/head.out" '^X-Head: yes'

asked "$INGEST/e/shop/close" -d '{}'
equals "an answer that ends with the connection" "$STATUS $(cat "$work/body.out")" "202 until the end"

asked "$INGEST/e/shop/broken" -d '{}'
equals "an answer that broke off" "$STATUS" 503
within 10 settled shop#10 fallback
case $(field shop#10 answer_why) in
"the app's answer broke off"*) ;;
*) fail "why: $(field shop#10 answer_why)" ;;
esac

# a handshake is left to the app where that is asked for, and the app answers it as anything else, signed or not
"$hookline" endpoint set shop --provider slack --handshake app --reject-invalid \
	--secret-file "$(secret_file slack shhh-it-is-a-test)" >/dev/null
asked "$INGEST/e/shop/close" -H 'Content-Type: application/json' -d '{"type":"url_verification","challenge":"x"}'
equals "a handshake" "$STATUS $(cat "$work/body.out")" "202 until the end"
equals "the badge" "$(field shop#12 handshake)" "slack url_verification left to the app"
asked "$INGEST/e/shop/close" -d 'unsigned'
equals "what is not signed" "$STATUS" 401

"$hookline" show shop#2 >"$work/show.out"
contains "$work/show.out" '418'
