#!/bin/sh
# A masked field stands in the query, a header, the body and the signed text: the screen shows none of it until V, and never to who only looks.
. "${0%/*}/lib.sh"

start_relay
secret=$(secret_file live very-secret)
"$hookline" endpoint add shop --provider stripe --secret-file "live=$secret" >/dev/null
mkdir -p "$XDG_CONFIG_HOME/hookline"
printf 'mask: {fields: [email]}\n' >"$XDG_CONFIG_HOME/hookline/hookline.yaml"
send '/e/shop/in?e%6Dail=jane%40a.test&x=1' -H 'Referer: https://a.test/?email=jane@a.test' \
	-H 'Content-Type: application/json' --sign stripe:other-secret --body '{"email":"jane@a.test","amount": 42}' >/dev/null

SIZE=160x50 start_screen
shows 'in\?e%6Dail=\*\*\*&x=1|shop#1'
keys '<Enter>'
shows '"email": *"\*\*\*"'
keys 6
shows 'POST /e/shop/in\?e%6Dail=\*\*\*&x=1 HTTP' 'Referer: https://a.test/\?email=\*\*\*' '3 masked'
keys 4
shows 'signed text, made' '"email":"\*\*\*","amount": 42'
hides jane
keys V
shows '"email":"jane@a.test","amount": 42'
keys 6
shows 'e%6Dail=jane%40a.test'
keys '<Esc>'
hides jane
keys q

start_screen --readonly
shows 'shop#1'
keys '<Enter>6'
shows 'e%6Dail=\*\*\*'
keys V
shows 'what is masked is not shown to who may only look'
hides jane
