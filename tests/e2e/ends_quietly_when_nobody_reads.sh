#!/bin/sh
# A reader that goes away ends a command without a word, as for any Unix tool; output that is lost otherwise is told.
. "${0%/*}/lib.sh"

# unread COMMAND...: its standard output is a pipe nobody reads
unread() {
	{
		read -r _ <"$work/gate"
		code=0
		"$hookline" "$@" || code=$?
		echo "$code" >"$work/code"
	} 2>"$work/unread.err" | { exec <&-; echo >"$work/gate"; }
	equals "exit status of $*" "$(cat "$work/code")" 141
	equals "words of $*" "$(cat "$work/unread.err")" ""
}

mkfifo "$work/gate"
start_relay
head -c 3000000 /dev/zero >"$work/body"
send /hooks --body-file "$work/body" >/dev/null
unread show default#1 --body --force
unread show default#1 --json
unread list
unread export

if [ -e /dev/full ]; then
	code=0
	"$hookline" list >/dev/full 2>"$work/full.err" || code=$?
	equals "exit status with a full disk" "$code" 1
	contains "$work/full.err" 'write to standard output: No space left'
	for option in --help --version --check; do
		code=0
		"$relay" "$option" >/dev/full 2>"$work/full.err" || code=$?
		equals "exit status of the relay's $option with a full disk" "$code" 1
		contains "$work/full.err" 'write to standard output: No space left'
	done
	exits 1 "$hookline" export -o /dev/full
	contains err.err '^hookline export: /dev/full did not take everything: is the disk full\?$'
	contains_not err.err 'standard output'
	send /small --body x >/dev/null
	exits 1 "$hookline" export path:/small -o /dev/full
	contains err.err '^hookline export: write to /dev/full: No space left'
fi
code=0
"$hookline" list >&- 2>"$work/closed.err" || code=$?
equals "exit status without standard output" "$code" 1
contains "$work/closed.err" 'standard output'
