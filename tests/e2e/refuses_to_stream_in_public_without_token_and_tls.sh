#!/bin/sh
# Beyond loopback the stream and admin ports want a token and TLS, or the relay does not start.
. "${0%/*}/lib.sh"

token=$(secret_file token 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef)
for port in stream admin; do
	exits 5 timeout 20 "$relay" --ingest 127.0.0.1:0 --store "sqlite:$work/store.db" "--$port" 0.0.0.0:0
	contains "$work/err.err" "$port.token_file"

	printf '%s:\n  token_file: %s\n' "$port" "$token" >"$work/relay.yaml"
	exits 5 timeout 20 "$relay" --ingest 127.0.0.1:0 --store "sqlite:$work/store.db" "--$port" 0.0.0.0:0 \
		--config "$work/relay.yaml"
	contains "$work/err.err" 'TLS|tls'
done
