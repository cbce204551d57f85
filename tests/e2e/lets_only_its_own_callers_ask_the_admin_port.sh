#!/bin/sh
# The admin port refuses foreign names, pages in a browser, wrong tokens and every method that would change something.
. "${0%/*}/lib.sh"

token=0123456789abcdef0123
printf 'admin:\n  token_file: %s\n  hosts: [relay.example.com]\n' "$(secret_file token "$token")" >"$work/relay.yaml"
start_relay --config "$work/relay.yaml"

# asked METHOD TARGET HOST [HEADER]...: the whole answer in answer.out
asked() {
	method=$1 target=$2 host=$3
	shift 3
	{
		printf '%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n' "$method" "$target" "$host"
		for line in "$@"; do
			printf '%s\r\n' "$line"
		done
		printf '\r\n'
	} >"$work/request"
	"$python" "$tools/send.py" raw "$ADMIN_PORT" "$work/request" >"$work/answer.out"
}

# is_answered STATUS METHOD TARGET HOST [HEADER]...
is_answered() {
	status=$1
	shift
	asked "$@"
	contains "$work/answer.out" "^HTTP/1.1 $status "
}

bearer="Authorization: Bearer $token"
is_answered 200 GET /healthz "127.0.0.1:$ADMIN_PORT" "$bearer"
is_answered 200 GET /healthz relay.example.com "$bearer"
is_answered 200 GET /healthz LOCALHOST "$bearer"
is_answered 421 GET /healthz evil.example "$bearer"
is_answered 421 GET /healthz 127.0.0.1.evil.example "$bearer"
is_answered 403 GET /metrics localhost "$bearer" 'Origin: http://localhost'
is_answered 403 GET /metrics localhost "$bearer" 'Origin: null'
is_answered 405 POST /healthz localhost "$bearer" 'Content-Length: 0'
contains "$work/answer.out" '^Allow: GET, HEAD'
is_answered 405 DELETE /api/endpoints localhost "$bearer"
is_answered 401 GET /metrics localhost
contains "$work/answer.out" '^WWW-Authenticate: Bearer'
is_answered 401 GET /metrics localhost 'Authorization: Bearer 0123456789abcdef012'
is_answered 401 GET /metrics localhost "Authorization: Basic $token"

send /hooks --count 3 >/dev/null
asked GET '/api/events?limit=2' localhost "$bearer"
equals "events" "$(grep -a -c '^{' "$work/answer.out")" 2
contains_not "$work/answer.out" '^X-Hookline-Cut'
length=$(grep -a -i '^Content-Length' "$work/answer.out")
asked HEAD '/api/events?limit=2' localhost "$bearer"
equals "length told to HEAD" "$(grep -a -i '^Content-Length' "$work/answer.out")" "$length"
equals "bodies of HEAD" "$(grep -a -c '^{' "$work/answer.out" || true)" 0

# Beyond 32 MiB an answer ends with a whole line, and says so.
head -c 9000000 /dev/urandom >body
send /hooks --body-file body --count 4 >/dev/null
asked GET '/api/events?bytes=true' localhost "$bearer"
contains "$work/answer.out" '^X-Hookline-Cut: true'
equals "whole lines" "$(grep -a -c '^{.*}$' "$work/answer.out")" 3

# Somebody who guesses is held up, whatever he says then.
is_held_up() {
	asked GET /metrics localhost 'Authorization: Bearer wrongwrongwrongwrong'
	grep -q -a '^HTTP/1.1 429 ' "$work/answer.out"
}
within 60 is_held_up
contains "$work/answer.out" '^Retry-After: '
