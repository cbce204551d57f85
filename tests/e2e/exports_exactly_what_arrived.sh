#!/bin/sh
# head_b64 and body_b64 of the export are the bytes that were sent, and headers name them all.
. "${0%/*}/lib.sh"

start_relay
printf 'POST /a%%2Fb?x=\351 HTTP/1.1\r\nHost: h\r\nX-A:  one \r\nx-a: caf\351\r\nContent-Length: 5\r\n\r\n\000\r\n\377!' >"$work/request"
send_raw "$work/request" >/dev/null

"$hookline" export --format jsonl >"$work/export.out"

json "$work/export.out" "__import__('base64').b64decode(doc['head_b64'] ).hex() + __import__('base64').b64decode(doc['body_b64']).hex()" >"$work/got"
equals "the bytes" "$(cat "$work/got")" "$(od -An -v -tx1 "$work/request" | tr -d ' \n')"
equals "headers" "$(json "$work/export.out" "[n for n, _ in doc['headers']]")" '["Host", "X-A", "x-a", "Content-Length"]'
equals "latin 1" "$(json "$work/export.out" "doc['headers'][2][1] == 'caf\\u00e9'")" true
