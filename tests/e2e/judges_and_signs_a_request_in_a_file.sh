#!/bin/sh
# verify and sign need no relay: a raw request, a secret in a file, a verdict and an exit code.
. "${0%/*}/lib.sh"

prod=$(secret_file prod whsec_test_secret_0001)
old=$(secret_file old whsec_before)
printf 'POST /hook HTTP/1.1\r\nHost: a\r\nX-Keep: 1\r\nx-keep: 2\r\n\r\n{"id":"evt_1"}' >request

"$hookline" sign request --provider stripe --secret-file "$prod" --at 1767225590 >signed
printf 'POST /hook HTTP/1.1\r\nHost: a\r\nX-Keep: 1\r\nx-keep: 2\r\nStripe-Signature: t=1767225590,v1=%s\r\n\r\n{"id":"evt_1"}' \
	"$(printf '1767225590.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test_secret_0001 | sed 's/.* //')" >expected
cmp signed expected || fail "the signed request is not what openssl makes"

judged() { # judged VERDICT EXIT ARGUMENTS...
	verdict=$1 code=$2
	shift 2
	got=0
	"$hookline" verify "$@" --json >judged.json 2>judged.err || got=$?
	equals "the exit code" "$got" "$code"
	[ -z "$verdict" ] || contains judged.json "\"verdict\":\"$verdict\""
}

judged valid 0 signed --secret-file old="$old" --secret-file live="$prod" --at 1767225600.25
contains judged.json '"secret":"live"'
contains judged.json '"provider":"stripe"'
judged expired 1 signed --provider stripe --secret-file "$prod" --at 2026-01-01T00:10:00Z
contains judged.json '610 s old .tolerance 300 s.'
judged invalid 1 signed --provider stripe --secret-file "$old" --at 1767225600
judged unsigned 1 request --provider stripe --secret-file "$old"
judged unverified 1 signed --provider stripe
judged valid 0 - --provider stripe --secret-file "$prod" --at 1767225600 <signed
judged valid 0 signed --provider stripe --secret-file - --at 1767225600 <"$prod"

judged "" 2 signed --provider strpe --secret-file "$prod"
contains judged.err 'did you mean "stripe"'
judged "" 2 request --secret-file "$prod"
judged "" 2 nothing-here --provider stripe --secret-file "$prod"
tr -d '\r' <signed >bare
judged "" 2 bare --provider stripe --secret-file "$prod"
contains judged.err 'ends in LF alone'

mkdir -p "$XDG_CONFIG_HOME/hookline/providers"
printf 'schemes:\n  - {kind: token, signature: {header: X-Acme}}\n' >"$XDG_CONFIG_HOME/hookline/providers/acme.yaml"
printf 'schemes:\n  - {kin: token}\n' >"$XDG_CONFIG_HOME/hookline/providers/broken.yaml"
"$hookline" sign request --provider acme --secret-file "$old" --headers >lines 2>lines.err
equals "the header" "$(tr -d '\r' <lines)" "X-Acme: whsec_before"
contains lines.err 'broken.yaml:2:6: unknown key'
