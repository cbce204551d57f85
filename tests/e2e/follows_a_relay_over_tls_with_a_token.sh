#!/bin/sh
# Commands reach a relay over wss with its own CA and a token, and trust nobody else.
. "${0%/*}/lib.sh"

certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$1.key" -out "$1.pem" 2>/dev/null
}

certificate ours
certificate other
token=$(secret_file token 0123456789abcdef0123456789abcdef)
wrong=$(secret_file wrong 00000000000000000000000000000000)
printf 'stream:\n  tls: {certificate: %s, key: %s}\n  token_file: %s\n' \
	"$work/ours.pem" "$work/ours.key" "$token" >"$work/relay.yaml"
start_relay --config "$work/relay.yaml"
case $STREAM in
wss://*) ;;
*) fail "stream is $STREAM" ;;
esac
send /hooks --body '{"n":1}' >/dev/null

exits 0 "$hookline" list --ca-file "$work/ours.pem" --token-file "$token"
contains "$work/out.out" 'default#1'
exits 4 "$hookline" list --ca-file "$work/ours.pem" --token-file "$wrong"

for untrusted in "--ca-file $work/other.pem" ""; do
	# shellcheck disable=SC2086 # a list of words
	! "$hookline" list $untrusted --token-file "$token" >"$work/untrusted.out" 2>"$work/untrusted.err" ||
		fail "a certificate of nobody was trusted: $untrusted"
	contains "$work/untrusted.err" 'is not trusted.*name its CA with --ca-file'
done
