#!/bin/sh
# What does not fit into a socket at once arrives whole all the same, with TLS in between, both ways.
. "${0%/*}/lib.sh"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
	-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$work/our.key" -out "$work/our.pem" 2>/dev/null
printf 'stream:\n  tls: {certificate: %s, key: %s}\n' "$work/our.pem" "$work/our.key" >"$work/relay.yaml"
start_relay --config "$work/relay.yaml"
start_app --mode endless
start_hookline --ca-file "$work/our.pem" --forward "$APP_URL"

for n in 1 2 3 4; do
	head -c 7654321 /dev/urandom >"$work/body$n"
	curl -sS -o /dev/null --data-binary "@$work/body$n" -H 'Expect:' "$INGEST/hooks"
done

app_receives 4
# sums FILE...: of the last bytes of each, which are the body
sums() {
	for file in "$@"; do
		tail -c 7654321 "$file" | sha256sum
	done | sort
}
sums "$work"/body? >"$work/sent"
sums "$APP_DIR"/*.req >"$work/arrived"
cmp "$work/sent" "$work/arrived" || fail "other bytes came to the app"

answers_are_kept() {
	"$hookline" export --ca-file "$work/our.pem" >"$work/export.out" &&
		[ "$(grep -c '"answer_body_len":1048576' "$work/export.out")" = 4 ]
}
within 30 answers_are_kept
json "$work/export.out" "sorted(__import__('hashlib').sha256(__import__('base64').b64decode(d['body_b64'])).hexdigest() for d in docs)" |
	tr -d '[]", ' >"$work/exported"
awk '{ printf "%s", $1 } END { print "" }' "$work/sent" >"$work/wanted"
cmp "$work/wanted" "$work/exported" || fail "the export has other bytes"
equals "what is in the answers" \
	"$(json "$work/export.out" "set(__import__('base64').b64decode(d['attempt_log'][0]['body_b64']) for d in docs) == {b'x' * 1048576}")" true
