#!/bin/sh
# A thousand clients that never finish their request: nobody else notices, and they are shed in time.
. "${0%/*}/lib.sh"

start_relay

"$python" "$here/../torture/slow_clients.py" "$INGEST_PORT" --limit-ms "${SLOW_LIMIT_MS:-100}"
