#!/bin/sh
# The 200 waits for the disk: when every flush takes 300 ms, so does every answer.
. "${0%/*}/lib.sh"

under_strace fdatasync,fsync:delay_exit=300000
start_relay

begin=$(date +%s%N)
send /hooks >"$work/answer.out"
took=$((($(date +%s%N) - begin) / 1000000))

contains "$work/answer.out" '^200 default#1$'
[ "$took" -ge 300 ] || fail "answered after $took ms, before the flush was done"
