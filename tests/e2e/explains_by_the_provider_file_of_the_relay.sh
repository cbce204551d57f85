#!/bin/sh
# A provider file that only the relay has, with the parameters of its endpoint, explains signatures in the screen and in `explain`.
. "${0%/*}/lib.sh"

mkdir providers
cat >providers/acme.yaml <<'end'
title: Acme Corp
parameters: {header: X-Acme-Signature, shop: none}
schemes:
  - signature: {header: $header}
    timestamp: {header: X-Acme-Time}
    content: "v0:{timestamp}:{method}:{param:shop}:{body}"
end
printf 'providers: %s\n' "$work/providers" >relay.yaml
start_relay --config relay.yaml
secret=$(secret_file live very-secret)
"$hookline" endpoint add shop --provider acme --param header=X-Our-Signature --param shop=no.7 \
	--secret-file "live=$secret" >/dev/null

now=$(date +%s)
sign() {
	printf '%s' "$1" | openssl dgst -sha256 -hmac very-secret | sed 's/.* //'
}
mac=$(sign "v0:$now:POST:no.7:{\"amount\":42}")
send /e/shop -H "X-Acme-Time: $now" -H "X-Our-Signature: $mac" --body '{"amount":42}' >sent
send /e/shop -H "X-Acme-Time: $now" -H "X-Our-Signature: $mac" --body '{"amount": 42}' >>sent

exits 0 "$hookline" explain shop#1
contains out.out '^shop#1  valid: '
contains out.out '^provider +Acme Corp .acme, '
contains out.out '^signs +hmac sha256 of .*in X-Our-Signature'
contains out.out '^rule +v0:\{timestamp\}:\{method\}:\{param:shop\}:\{body\}$'
contains out.out "^  v0:$now:POST:no.7:\{\"amount\":42\}$"
contains_not out.out very-secret

exits 1 "$hookline" explain shop#2
contains out.out '^shop#2  invalid: '
contains out.out '^why +the signature is right for JSON.stringify of the body'
contains out.out '^to do +Whoever parses the JSON'
contains out.out '^ +hookline replay shop#2 --to URL$'
contains out.out '^  received .*"amount":\[ \]42\}'
contains out.out "^  v0:$now:POST:no.7:\{\"amount\": 42\}$"

exits 1 "$hookline" explain shop#2 --json
equals "the recipe's version" "$(json out.out "doc['scheme']['version'] == doc['recipe']")" true
equals "the headers" "$(json out.out "doc['scheme']['headers']")" '["X-Our-Signature", "X-Acme-Time"]'
equals "the cause" "$(json out.out "doc['explanation']['cause']")" body_json
contains_not out.out very-secret
exits 1 "$hookline" explain shop#9

SIZE=120x40 start_screen
shows 'shop#2'
keys 'G<Enter>s+'
shows 'Acme Corp \(acme'
shows 'in X-Our-Signature'
shows 'rule +v0:.timestamp.:'
shows "v0:$now:POST:no.7:"
