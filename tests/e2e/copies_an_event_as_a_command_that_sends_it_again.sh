#!/bin/sh
# The curl command of an event brings the same bytes to the same endpoint, however the event found it: from show, and as the screen copies it.
. "${0%/*}/lib.sh"

unset DISPLAY WAYLAND_DISPLAY TMUX
start_relay
for name in stripe named; do
	"$hookline" endpoint add "$name" >/dev/null
done
"$hookline" endpoint set named --host hooks.test >/dev/null

# again REF NEXT PATH: the command of REF makes the event NEXT, with the same body and, behind the endpoint, the same path
again() {
	"$hookline" show "$1" --curl >"$work/command.out"
	contains "$work/command.out" "/e/${2%#*}$3'"
	sh "$work/command.out" >/dev/null
	"$hookline" show "$1" --body >"$work/before.body"
	"$hookline" show "$2" --body >"$work/after.body"
	cmp "$work/before.body" "$work/after.body" || fail "the body of $2 is not that of $1"
}

send '/e/stripe/hooks//a?x=1&y=%2F' --body one >/dev/null
again stripe#1 stripe#2 '/hooks//a\?x=1&y=%2F'
send /e/stripe --body two >/dev/null
again stripe#3 stripe#4 ''

# By the catch-all, also with a name in its path that is no endpoint.
send /hooks --body three >/dev/null
again default#1 default#2 /hooks
send /e/nobody/hooks --body four >/dev/null
again default#3 default#4 /e/nobody/hooks

# By a host name of its own, and by a whole URL in the place of the path.
printf 'POST /e/stripe/hooks HTTP/1.1\r\nHost: hooks.test\r\nContent-Length: 4\r\n\r\nfive' >"$work/request"
send_raw "$work/request" >/dev/null
again named#1 named#2 /e/stripe/hooks
printf 'POST http://hooks.test/hooks HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nsix' >"$work/request"
send_raw "$work/request" >/dev/null
again named#3 named#4 /hooks

# However long its body is: a shell takes no argument of 128 KiB, and quotes take room, too.
for length in 30000 40000 200000; do
	"$python" -c 'import sys; sys.stdout.write("it'"'"'s " * (int(sys.argv[1]) // 5))' "$length" >"$work/long"
	at=$(send /e/stripe/long --body-file "$work/long" | cut -d ' ' -f 2)
	again "$at" "stripe#$((${at#*#} + 1))" /long
done

# --to names another place, which gets what stands behind the endpoint.
"$hookline" show stripe#1 --curl --to http://localhost:3000/app >"$work/command.out"
contains "$work/command.out" "'http://localhost:3000/app/hooks//a\?x=1&y=%2F'"

# The same command from the screen, when it knows of no app.
copied() {
	on_screen save "$work/raw.out"
	"$python" - "$work/raw.out" >"$work/copied.out" <<'PY'
import base64, re, sys
texts = re.findall(rb"\x1b\]52;c?;([A-Za-z0-9+/=]+)(?:\x07|\x1b\\)", open(sys.argv[1], "rb").read())
sys.stdout.write(base64.b64decode(texts[-1]).decode() if texts else "")
PY
	[ -s "$work/copied.out" ]
}
start_screen
shows 'named#4 '
keys ':go named#1<Enter>'
shows '▸.*named#1 '
keys 'yc'
within 20 copied
"$hookline" show named#1 --curl >"$work/command.out"
cmp "$work/command.out" "$work/copied.out" || fail "the screen copies another command: $(cat "$work/copied.out")"
keys 'Q'
on_screen ends 0
