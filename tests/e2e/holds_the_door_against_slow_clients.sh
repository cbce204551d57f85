#!/bin/sh
# A thousand clients that never finish their request: nobody else notices, and they are shed in time.
. "${0%/*}/lib.sh"

ulimit -n 4096 2>/dev/null || skip "fewer than 4096 descriptors are allowed here"
printf 'limits:\n  connections: 2000\n  connections_per_address: 2000\n' >"$work/relay.yaml"
start_relay --config "$work/relay.yaml"

"$python" "$here/../torture/slow_clients.py" "$INGEST_PORT" --limit-ms "${SLOW_LIMIT_MS:-100}"
