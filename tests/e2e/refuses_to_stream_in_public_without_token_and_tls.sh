#!/bin/sh
# Beyond loopback the stream and admin ports want a token and TLS, or the relay does not start.
. "${0%/*}/lib.sh"

for port in stream admin; do
	exits 5 timeout 20 "$relay" --ingest 127.0.0.1:0 --store "sqlite:$work/store.db" "--$port" 0.0.0.0:0
	contains "$work/err.err" '[Tt]oken'
	contains "$work/err.err" 'TLS'
done
