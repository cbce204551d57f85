#!/bin/sh
# A store that is moved away or removed under the relay is not written to any more: what would be in no history is refused.
. "${0%/*}/lib.sh"

gone_is_told() {
	for again in 1 2 3 4 5; do
		equals "answer $again once the store is $1" "$(send /after --body x | cut -c 1-3)" 503
	done
	contains "$work/relay.err" "store.db was $2 while it was in use"
	! admin /readyz >/dev/null || fail "it is ready without its store"
}

start_relay
equals "answer" "$(send /before --body x)" "200 default#1"
mv "$work/store.db" "$work/elsewhere.db"
gone_is_told "moved away" 'moved or removed'
mv "$work/elsewhere.db" "$work/store.db"
equals "answer once it is back" "$(send /back --body x)" "200 default#2"

cp "$work/store.db" "$work/copy.db"
mv "$work/copy.db" "$work/store.db"
gone_is_told "another file" 'replaced'
kill_relay
