#!/bin/sh
# [::1]:0 on every port: the addresses told are those really bound, and all that is said works there.
. "${0%/*}/lib.sh"

grep -q '^00000000000000000000000000000001 ' /proc/net/if_inet6 2>/dev/null || skip "this machine has no ::1"
start_relay --ingest '[::1]:0' --stream '[::1]:0' --admin '[::1]:0'
for url in "$INGEST" "$STREAM" "$ADMIN"; do
	case $url in
	*'://[::1]:'[1-9]*) ;;
	*) fail "not the address really bound: $url" ;;
	esac
done

curl -sg -o "$work/answer.out" -w '%{http_code}' --data-binary hello "$INGEST/hooks" >"$work/code.out"
equals "status" "$(cat "$work/code.out")" 200
curl -sg "$ADMIN/readyz" >"$work/readyz.out"
contains "$work/readyz.out" '"ready":true|ok'
"$hookline" list --json >"$work/list.out"
contains "$work/list.out" '"peer":"\[::1\]:[0-9]+"'
