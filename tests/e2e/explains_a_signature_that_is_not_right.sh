#!/bin/sh
# verify --explain names the cause it has proven by computing again, and shows where the bytes differ.
. "${0%/*}/lib.sh"

prod=$(secret_file prod whsec_prod_secret)
staging=$(secret_file staging whsec_staging_secret)
printf 'POST /hook HTTP/1.1\r\nHost: a\r\n\r\n{"id":"evt_1","amount":42}' >request
"$hookline" sign request --provider stripe --secret-file "$staging" --at 1767225590 >signed

explained() { # explained EXIT ARGUMENTS...
	code=$1 got=0
	shift
	"$hookline" verify "$@" --provider stripe --at 1767225600 --explain >explained 2>explained.err || got=$?
	equals "the exit code" "$got" "$code"
}

explained 1 signed --secret-file prod="$prod" --other-secret-file staging="$staging"
contains explained '^invalid: no secret of this endpoint makes this signature'
contains explained 'why: the signature is made with the secret staging, not with prod'
contains explained 'to do: Give the endpoint the secret staging it is signed with'

explained 1 signed --secret-file prod="$prod"
contains explained 'why: no explanation found, tried: '
contains explained 'to do: Compare with the secret the provider shows'

sed 's/"amount":42/"amount": 42/' signed >changed
explained 1 changed --secret-file staging="$staging"
contains explained 'why: the signature is right for JSON.stringify of the body'
contains explained 'received .*"amount":\[ \]42}'
contains explained 'signed .*"amount":\[\]42}'
contains explained 'right for the bytes: [0-9a-f]{64}$'
contains explained 'to do: Whoever parses the JSON and writes it anew has to let the body through'
explained 1 changed --secret-file staging="$staging" --json
contains explained '"cause":"body_json"'
contains explained '"signed":""'

explained 0 signed --secret-file staging="$staging"
contains_not explained 'why:'
contains_not explained 'to do:'
