#!/bin/sh
# Providers that sign the URL are given the relay's: judged, explained and signed anew with it, unless the endpoint names another.
. "${0%/*}/lib.sh"

key=$(secret_file square key)
echo 'ingest: {url: https://hooks.example.com}' >relay.yaml
start_relay --config "$work/relay.yaml"
"$hookline" endpoint add shop --provider square --secret-file "$key" >/dev/null
"$hookline" endpoint add own --provider square --host own.example.com --secret-file "$key" >/dev/null
"$hookline" endpoint add named --provider square --param url=https://other.example.com/sq --secret-file "$key" >/dev/null

# signed PATH URL CURL-ARGUMENTS...: a body signed for that URL
signed() {
	path=$1 url=$2
	shift 2
	mac=$(printf '%s{}' "$url" | openssl dgst -sha256 -hmac key -binary | openssl base64 -A)
	curl -sS -o /dev/null "$INGEST$path" -d '{}' -H "x-square-hmacsha256-signature: $mac" "$@"
}

signed /e/shop/in https://hooks.example.com/e/shop/in
equals "the verdict" "$(field shop#1 verdict)" valid
signed /in https://own.example.com/in -H 'Host: own.example.com'
equals "the verdict" "$(field own#1 verdict)" valid
signed /e/named https://other.example.com/sq
equals "the verdict" "$(field named#1 verdict)" valid

# What does not fit is explained by that URL.
signed /e/shop/in http://hooks.example.com/e/shop/in
equals "the verdict" "$(field shop#2 verdict)" invalid
