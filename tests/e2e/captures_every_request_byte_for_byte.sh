#!/bin/sh
# Every request of the vectors, and some harder ones, is kept and forwarded exactly as it was sent.
. "${0%/*}/lib.sh"

start_relay
start_app
start_hookline --forward "$APP_URL"

"$python" "$here/exact.py" --port "$INGEST_PORT" --app-dir "$APP_DIR" --hookline "$hookline" \
	--every "${EVERY:-1}" "$vectors"/*.json
