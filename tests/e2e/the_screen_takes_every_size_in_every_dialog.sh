#!/bin/sh
# With every pane, dialog and prompt open the terminal becomes tiny, huge, and what it was: nothing ends, and what was typed stays.
. "${0%/*}/lib.sh"

start_relay
exits 0 "$hookline" endpoint add pay --provider stripe --secret-file "$(secret_file live whsec_1)" --label live
send /e/pay/hooks --sign stripe:whsec_1 --body '{"id":"evt_1","object":"event","type":"order.paid","data":{"a":[1,2,{"b":"世界"}]}}' >/dev/null
send /e/pay/hooks --sign stripe:whsec_2 --body '{"id":"evt_2","object":"event","type":"order.paid","data":{"a":[1,2,3]}}' >/dev/null
start_app
exits 0 "$hookline" replay pay#1 --to "$APP_URL"
start_screen
shows 'pay#2 '

# through_sizes PATTERN...: these are seen in 80x24 again.
through_sizes() {
	on_screen repaints 20x5 300x100 80x24
	shows "$@"
}

# panes
keys '<Enter>'
for pane in '2 \[2 payload\]' '3 \[3 headers\]' '4 \[4 signature\]' '5 \[5 attempts' '6 \[6 raw\]'; do
	keys "${pane%% *}"
	shows "${pane#* }"
	through_sizes "${pane#* }" 'pay#2 '
done
keys '2|cat<Enter>'
shows 'exit code 0'
through_sizes '\| cat' 'evt_2'
keys '<Esc>'
hides '\| cat'
keys '+'
hides 'PROVIDER'
through_sizes '\[2 payload\]' 'evt_2'
keys '+b'
through_sizes 'as text'
keys 'q'

# dialogs: the keys that open it, and what is seen then
while read -r opens seen; do
	keys "$opens"
	shows "$seen"
	through_sizes "$seen"
	keys '<Esc>'
	hides "$seen"
done <<'DIALOGS'
? Keys.in.the.list
@ What.was.done
o Overview
E Endpoints..
D Deliveries..
t Time.line
d Difference
T Where.events.go
L Filters:.saved
y its.UUID
O Sort.by
S Send.a.sample
w To.try.again
p Prove.the.app
DIALOGS
keys 'B'
shows 'replay to:'
through_sizes 'replay to:'
keys "127.0.0.1:$APP_PORT<Enter>"
shows 'Enter replay'
through_sizes 'Enter replay' 'oldest first'
keys '<Esc>'
hides 'Enter replay'
keys "F127.0.0.1:$APP_PORT<Enter>"
shows 'came while nothing forwarded'
through_sizes 'came while nothing forwarded' 'not now'
keys 'n'
keys 'Q'
shows 'ends with this'
through_sizes 'ends with this' 'y quit'
keys 'n'

# prompts: what was typed stays, and the cursor in it
keys '/type:order.pa世界'
shows 'filter: type:order.pa世'
through_sizes 'filter: type:order.pa世'
keys '<Backspace><Backspace>id<Enter>'
shows 'filtered' 'pay#2 '
keys ':go pay#'
through_sizes ':go pay#'
keys '1<Enter>'
shows '▸.*pay#1 '
keys 'Mto be asked for'
shows 'note: to be asked for'
through_sizes 'note: to be asked for'
keys ' again<Enter>'
keys '4'
shows 'to be asked for again'

# a secret is typed hidden, in every size
keys 'a'
shows 'Secrets of pay'
through_sizes 'Secrets of pay' 'one more secret'
keys 'nwhsec_2'
shows 'secret, hidden: \*\*\*\*\*\*\*'
through_sizes 'secret, hidden: \*\*\*\*\*\*\*'
keys '<Enter>'
shows 'verdicts changed'
on_screen save "$work/raw.out"
! grep -q whsec_2 "$work/raw.out" || fail "the secret was on the screen"

keys 'Qy'
on_screen ends 0
on_screen restored
