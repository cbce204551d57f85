#!/bin/sh
# A renewed certificate and another token are in use after SIGHUP; who is connected stays, and nothing listens anew.
. "${0%/*}/lib.sh"

# certificate NAME: cert.pem and key.pem with that common name, put in place at once as certbot does
certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" \
		-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.new -out cert.new 2>/dev/null
	mv key.new key.pem
	mv cert.new cert.pem
}

# served PORT: the name in the certificate
served() {
	echo | openssl s_client -connect "127.0.0.1:$1" 2>/dev/null | openssl x509 -noout -subject
}

serves() {
	served "$1" | grep -q "CN = $2"
}

certificate first
cp cert.pem stream-cert.pem && cp key.pem stream-key.pem
first=$(secret_file tokens 0123456789abcdef-first)
printf 'ingest:\n  tls: {certificate: %s, key: %s}\nstream:\n  tls: {certificate: %s, key: %s}\nadmin:\n  token_file: %s\n' \
	"$work/cert.pem" "$work/key.pem" "$work/stream-cert.pem" "$work/stream-key.pem" "$first" >"$work/relay.yaml"
start_relay --config "$work/relay.yaml"
admin_with() {
	"$python" "$tools/send.py" get "$ADMIN/healthz" -H "Authorization: Bearer $1" >/dev/null
}
serves "$INGEST_PORT" first && serves "$STREAM_PORT" first || fail "the first certificate is not served"
admin_with 0123456789abcdef-first || fail "the first token is not taken"
fds=$(readlink "/proc/$RELAY_PID"/fd/* 2>/dev/null | grep -c socket || true)

certificate second
cp cert.pem stream-cert.pem && cp key.pem stream-key.pem
secret_file tokens 0123456789abcdef-other >/dev/null
reload_relay
serves "$INGEST_PORT" second || fail "ingest serves $(served "$INGEST_PORT")"
serves "$STREAM_PORT" second || fail "stream serves $(served "$STREAM_PORT")"
admin_with 0123456789abcdef-other || fail "the new token is not taken"
! admin_with 0123456789abcdef-first || fail "the old token is still taken"
equals "sockets" "$(readlink "/proc/$RELAY_PID"/fd/* 2>/dev/null | grep -c socket || true)" "$fds"
send /hooks --cacert "$work/cert.pem" | grep -q '^200 ' || fail "it does not answer any more"

# A key that does not belong to it: told, and the good one stays.
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1 -out key.pem 2>/dev/null
reload_relay
contains "$work/relay.err" 'ingest.tls.*does not belong'
serves "$INGEST_PORT" second || fail "the good certificate is gone"

# What needs a restart is said.
sed 's/ingest:/ingest:\n  url: https:\/\/hooks.example.com/' "$work/relay.yaml" >other && cp other "$work/relay.yaml"
reload_relay
contains "$work/relay.err" 'restart only setting=ingest.url'
