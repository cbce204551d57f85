#!/bin/sh
# A NUL is a byte like any other: the signed text that explain shows does not end there, and neither does a secret.
. "${0%/*}/lib.sh"

start_relay
(umask 077 && printf 'a\000b' >"$work/secret" && printf 'a' >"$work/beginning")
"$hookline" endpoint add shop --provider github --secret-file "$work/secret" >/dev/null
printf 'POST /e/shop/ HTTP/1.1\r\nHost: a\r\nX-GitHub-Event: push\r\nContent-Length: 14\r\n\r\nhello \377\000 world' >request
"$hookline" sign request --provider github --secret-file "$work/secret" >signed
send_raw signed >/dev/null
exits 0 "$hookline" explain shop#1
contains out.out '^text +14 bytes:$'
contains out.out '^  hello .* world$'
exits 0 "$hookline" explain shop#1 --json
json out.out "[doc['scheme']['text'], doc['scheme']['text_len'], doc['verdict']]" >got.out
equals "what is told" "$(cat got.out)" '["hello \u00ff\u0000 world", 14, "valid"]'

# What stands before the NUL of the secret is another secret.
"$hookline" sign request --provider github --secret-file "$work/beginning" >signed
send_raw signed >/dev/null
equals "the verdict" "$(field shop#2 verdict)" invalid
