#!/bin/sh
# NO_COLOR writes no colour, a C locale gets ASCII alone, and 40 columns by 10 rows are enough.
. "${0%/*}/lib.sh"

start_relay
"$hookline" endpoint add pay --provider stripe --secret-file "$(secret_file live whsec_right)" >/dev/null
send /e/pay/ --sign stripe:whsec_wrong --body '{"name":"Caf\u00e9 é"}' >/dev/null

colours() {
	on_screen save "$SCREEN.raw"
	"$python" - "$SCREEN.raw" <<'PY'
import re, sys
raw = open(sys.argv[1], "rb").read()
print(len(re.findall(rb"\x1b\[[0-9;]*\b(3[0-7]|4[0-7]|9[0-7]|10[0-7]|[34]8;5)[0-9;]*m", raw)))
PY
}

NO_COLOR=1 start_screen
shows 'pay#1'
keys '4'
shows 'no secret of this endpoint'
equals "colours with NO_COLOR" "$(colours)" 0
keys 'Q'
on_screen ends 0

NO_COLOR='' start_screen
shows 'pay#1'
[ "$(colours)" -gt 0 ] || fail "there is no colour without NO_COLOR"
keys 'Q'
on_screen ends 0

SIZE=40x10 SCREEN_LOCALE=C
start_screen
shows 'pay#1'
keys '2'
shows 'Caf'
keys '?'
shows 'Keys'
keys '<Esc>'
keys 'Q'
on_screen ends 0
on_screen save "$SCREEN.raw"
LC_ALL=C grep -q -P '[\x80-\xff]' "$SCREEN.raw" && fail "there are bytes beyond ASCII in a C locale"
on_screen restored
