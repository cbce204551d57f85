#!/bin/sh
# Hostile edits, destinations and answers, with the commands that send.
. "${0%/*}/../e2e/lib.sh"

start_relay
"$python" "$here/run_replay.py" --hookline "$hookline" --ingest "$INGEST" --stream "$STREAM" --admin "$ADMIN" --work "$work" | as_tap
