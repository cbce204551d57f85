#!/bin/sh
# Whatever name a store goes by, and though its lock file is gone: a second relay on it is refused, and the first goes on.
. "${0%/*}/lib.sh"

refused() {
	exits 1 "$relay" --ingest 127.0.0.1:0 --stream 127.0.0.1:0 --admin 127.0.0.1:0 --store "sqlite:$1"
	contains "$work/err.err" 'is in use by (another )?hookline-relay'
}

start_relay
send /first --body x >/dev/null
ln "$work/store.db" "$work/link.db"
refused "$work/store.db"
refused "$work/link.db"
rm "$work/store.db.lock"
refused "$work/store.db"
equals "answer" "$(send /second --body x)" "200 default#2"
