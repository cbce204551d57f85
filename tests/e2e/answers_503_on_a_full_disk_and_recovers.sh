#!/bin/sh
# A full disk: 503 with Retry-After for each event not stored; once there is space again all is well without a restart.
. "${0%/*}/lib.sh"

[ "$(id -u)" = 0 ] || skip "only root can mount a small disk"
mkdir disk
mount -t tmpfs -o size=24m tmpfs disk 2>/dev/null || skip "mounting is not allowed here"
trap 'kill -KILL $RELAY_PID 2>/dev/null; wait; umount -l "$work/disk"; finish' EXIT
STORE=$work/disk/store.db
dd if=/dev/zero of=disk/ballast bs=1M count=8 2>/dev/null
start_relay

head -c 100000 /dev/zero | tr '\0' x >body
send /hooks --count 200 --body-file body >"$work/full.out"
kept=$(count_of 200 "$work/full.out")
equals "answers of 200 and of 503" "$((kept + $(count_of 503 "$work/full.out")))" 200
[ "$kept" -lt 200 ] || fail "the disk never was full"
list_json --limit 0 >"$work/list.out"
equals "events stored while it was full" "$(wc -l <"$work/list.out")" "$kept"
! admin /readyz >"$work/readyz.out" || fail "readyz says all is well: $(cat "$work/readyz.out")"

rm disk/ballast
accepted() {
	send /hooks | grep -q '^200 '
}
within 20 accepted
list_json --limit 0 >"$work/list.out"
equals "events stored after that" "$(wc -l <"$work/list.out")" "$((kept + 1))"
