#!/bin/sh
# A provider file of one's own is read as hookline would, and proven with a request; a broken one says where it is wrong.
. "${0%/*}/lib.sh"

secret=$(secret_file acme right)
other=$(secret_file other wrong)
cat >acme.yaml <<'end'
title: Acme
recognise: {headers: [Acme-Signature]}
event_type: {form: kind}
schemes:
  - signature: {header: Acme-Signature}
    content: "{url}{body}"
end
printf 'kind=order' >body
mac=$(printf 'https://shop.test/in?x=1kind=order' | openssl dgst -sha256 -hmac right | sed 's/.* //')
printf 'POST /in?x=1 HTTP/1.1\r\nHost: shop.test\r\nAcme-Signature: %s\r\n\r\nkind=order' "$mac" >request

"$hookline" provider check acme.yaml --sample request --secret-file "$secret" >out
contains out '^acme.yaml: fine'
contains out 'recognised as *acme'
contains out 'event type *order'
contains out 'verdict *valid: the signature is right'

if "$hookline" provider check acme.yaml --sample request --secret-file "$other" >out; then
	fail "a wrong secret is no proof"
fi
contains out 'verdict *invalid'

code=0
"$hookline" provider check acme.yaml --sample request --secret-file "$secret" --url https://other.test >out || code=$?
equals "the exit code for another URL" "$code" 1

sed 's/{body}/{bdy}/' acme.yaml >broken.yaml
code=0
"$hookline" provider check broken.yaml 2>err || code=$?
equals "the exit code for a broken file" "$code" 5
contains err 'broken.yaml:6:14: unknown term "bdy", did you mean "body"?'

# the file says who the provider is
exits 2 "$hookline" provider check acme.yaml --provider stripe
