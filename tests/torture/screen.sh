#!/bin/sh
# Hostile bytes on the screen: seen in every view, size and locale, and never let through to the terminal.
. "${0%/*}/../e2e/lib.sh"

start_relay
"$python" "$here/screen.py" "$hookline" "$STREAM" "$INGEST_PORT" "$work" | as_tap
