#!/bin/sh
# With a certificate the ingest port speaks TLS 1.2 and 1.3, nothing older.
. "${0%/*}/lib.sh"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
	-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out cert.pem 2>/dev/null
printf 'ingest:\n  tls: {certificate: %s, key: %s}\n' "$work/cert.pem" "$work/key.pem" >"$work/relay.yaml"
start_relay --config "$work/relay.yaml"
case $INGEST in
https://*) ;;
*) fail "ingest is $INGEST" ;;
esac

send /hooks --count 3 --cacert "$work/cert.pem" --body '{"n":@N@}' >"$work/answers.out"
equals "answers of 200" "$(count_of 200 "$work/answers.out")" 3
head -c 2000000 /dev/urandom >body
send /large --cacert "$work/cert.pem" --body-file body >/dev/null
"$hookline" show default#4 --body | cmp - body || fail "a large body changed on its way"
! openssl s_client -connect "127.0.0.1:$INGEST_PORT" -tls1_1 </dev/null >"$work/old.out" 2>&1 || fail "TLS 1.1 was let in"
