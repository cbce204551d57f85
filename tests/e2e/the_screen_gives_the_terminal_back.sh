#!/bin/sh
# However it ends, the terminal is as it was: a key, a signal, a crash. The exit status tells which.
. "${0%/*}/lib.sh"

start_relay
send /hooks >/dev/null

# ends_by NAME STATUS
ends_by() {
	start_screen
	shows 'default#1'
	on_screen signal "$1"
	on_screen ends "$2"
	on_screen restored
}

ends_by TERM 143
ends_by INT 130
ends_by HUP 129
case ${ASAN_RUNS:-$(nm "$hookline" 2>/dev/null | grep -c __asan_init)} in
0)
	ends_by SEGV -11
	ends_by ABRT -6
	;;
esac

start_screen
shows 'default#1'
keys '<Ctrl-c>'
on_screen ends 0
on_screen restored

# its window is closed
start_screen
shows 'default#1'
on_screen hang up
on_screen ends 129
