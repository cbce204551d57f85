#!/bin/sh
# The log of the screen: what was done stands there as a command, and what is copied from it does the same again in a shell.
. "${0%/*}/lib.sh"

copied() {
	on_screen save "$work/raw"
	"$python" - "$work/raw" <<'PY'
import base64, re, sys
raw = open(sys.argv[1], "rb").read()
print(base64.b64decode(re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)", raw)[-1]).decode())
PY
}

copied_is() {
	[ "$(copied 2>/dev/null)" = "$1" ]
}

start_relay
start_app
send '/hooks?it=1' --count 2 >/dev/null

start_screen
shows 'default#2'
keys '@'
shows 'Nothing yet'
keys 'q' '/' "path:/hooks* -verdict:valid<Enter>"
shows 'default#2'
keys 'R' "127.0.0.1:$APP_PORT/it%27s<Enter>"
app_receives 1
shows 'default#2 .* 1  *200'
keys '@'
shows 'hookline replay default#2' 'hookline list'
replay="hookline replay default#2 --to 127.0.0.1:$APP_PORT/it%27s --relay $STREAM"
keys 'y'
within 10 copied_is "$replay"
keys 'j' 'y'
list="hookline list 'path:/hooks* -verdict:valid' --relay $STREAM"
within 10 copied_is "$list"
keys 'Q'
on_screen ends 0

unset HOOKLINE_RELAY
PATH=${hookline%/*}:$PATH
sh -c "$replay" >/dev/null 2>&1 || fail "the copied command does not replay"
app_receives 2
equals "listed" "$(sh -c "$list --json" | wc -l)" 2
