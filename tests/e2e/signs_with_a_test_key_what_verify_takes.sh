#!/bin/sh
# A provider that signs with a private key can be played: sign makes a pair of one's own, and its public half judges.
. "${0%/*}/lib.sh"

printf 'POST /hook HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\r\n{"type":1}' >request
keys=$XDG_DATA_HOME/hookline/test-keys

# played PROVIDER KEY-FILE: signed with the test key, right for its public half, wrong with another body
played() {
	"$hookline" sign request --provider "$1" --test-key >signed 2>said
	contains said "give the receiver $keys/$1.pub"
	"$hookline" verify signed --provider "$1" --secret-file "$keys/$1.pub" >verdict.out || fail "$1: $(cat verdict.out)"
	sed 's/"type":1/"type":2/' signed >changed
	exits 1 "$hookline" verify changed --provider "$1" --secret-file "$keys/$1.pub"
	equals "who may read $2" "$(stat -c %a "$keys/$2")" 600
	"$hookline" sign --provider "$1" --public-key >printed
	cmp printed "$keys/$1.pub" || fail "$1: what is printed is not what was written"
}

played discord ed25519.pem
played sendgrid P-256.pem
played wise rsa.pem
played plaid P-256.pem
played truelayer P-521.pem
played ebay P-256.pem

# The key stays, so what the receiver was given stays right.
cp "$keys/discord.pub" before
played discord ed25519.pem
cmp before "$keys/discord.pub" || fail "another key was made"

# RFC 9421, with a parameter that names the algorithm
"$hookline" sign request --provider rfc9421 --param alg=ed25519 --test-key >signed 2>said
contains signed '^Signature-Input: sig1=."@method" "@target-uri" "content-digest".;created='
"$hookline" verify signed --provider rfc9421 --param alg=ed25519 --secret-file "$keys/rfc9421.pub" >verdict.out || fail "$(cat verdict.out)"

# Where the signature stands in the body, the body is made anew, and its length.
printf '%s' '{"Type":"Notification","MessageId":"1","TopicArn":"arn","Message":"hello","Timestamp":"2026-01-01T00:00:00.000Z","SignatureVersion":"2"}' >body
{
	printf 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %s\r\n\r\n' "$(wc -c <body | tr -d ' ')"
	cat body
} >sns
"$hookline" sign sns --provider aws-sns --test-key >signed 2>said
"$hookline" verify signed --provider aws-sns --secret-file "$keys/aws-sns.pub" >verdict.out 2>verdict.err || fail "$(cat verdict.out)"
equals "complaints" "$(cat verdict.err)" ""
openssl x509 -in "$keys/aws-sns.pub" -noout -subject >subject
contains subject hookline-test

# A key of one's own
openssl genpkey -algorithm ed25519 -out own.pem 2>/dev/null
chmod 600 own.pem
"$hookline" sign request --provider telnyx --test-key-file own.pem >signed 2>said
"$hookline" sign --provider telnyx --test-key-file own.pem --public-key >own.pub
"$hookline" verify signed --provider telnyx --secret-file own.pub >verdict.out || fail "$(cat verdict.out)"
chmod 644 own.pem
exits 2 "$hookline" sign request --provider telnyx --test-key-file own.pem
contains err.err 'chmod 600'
chmod 600 own.pem
exits 2 "$hookline" sign request --provider wise --test-key-file own.pem
contains err.err 'of another kind'
exits 2 "$hookline" sign request --provider stripe --test-key
contains err.err 'a secret that both sides share'

# Without a home there is no place for a key of one's own, and none is made in the root of the system. (As root it could be, so what
# would be written is looked for.)
homeless() {
	env -u HOME -u XDG_DATA_HOME "$hookline" "$@"
}
before=$(ls -d /.local 2>/dev/null || true)
exits 2 homeless sign request --provider discord --test-key
contains err.err 'no place for test keys: set HOME or XDG_DATA_HOME'
exits 2 homeless sign request --provider telnyx --test-key-file own.pem
exits 2 env -u XDG_DATA_HOME HOME=relative "$hookline" sign request --provider discord --test-key
equals "what stands in the root" "$(ls -d /.local 2>/dev/null || true)" "$before"
[ ! -e relative ] || fail "a key is kept in relative"
exits 0 env -u XDG_DATA_HOME HOME="$work/other" "$hookline" sign request --provider discord --test-key
[ -e other/.local/share/hookline/test-keys/ed25519.pem ] || fail "there is no key in HOME"
