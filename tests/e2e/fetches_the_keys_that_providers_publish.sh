#!/bin/sh
# A key that a signature names is fetched over https, from the provider's hosts alone; what waited for it is judged again.
. "${0%/*}/lib.sh"

# An authority of ours, a server that is trusted through it, and the key that signs.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.pem 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=sns -keyout tls.key -out tls.csr 2>/dev/null
echo 'subjectAltName=DNS:sns.eu-west-1.amazonaws.com' >san
openssl x509 -req -in tls.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile san -out tls.pem 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=signer -keyout signer.key -out signer.pem 2>/dev/null

mkdir served
cp signer.pem served/good.pem
cat >server.py <<'PY'
import functools, http.server, ssl, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="served")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("tls.pem", "tls.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
open("server.port.new", "w").write(str(server.server_port))
import os
os.rename("server.port.new", "server.port")
server.serve_forever()
PY
"$python" server.py 2>server.log &
server=$!
children="$children $server"
within 10 test -s server.port

# notification URL: a body signed as Amazon SNS signs
notification() {
	printf 'Message\nhello\nMessageId\n1\nTimestamp\n2026-01-01T00:00:00.000Z\nTopicArn\narn\nType\nNotification\n' >text
	signature=$(openssl dgst -sha256 -sign signer.key text | openssl base64 -A)
	printf '{"Type":"Notification","MessageId":"1","TopicArn":"arn","Message":"hello","Timestamp":"2026-01-01T00:00:00.000Z","SignatureVersion":"2","Signature":"%s","SigningCertURL":"%s"}' "$signature" "$1" >body
}

verdicts() {
	list_json | sed 's/.*"verdict":"\([a-z]*\)".*/\1/' | sort | uniq -c | tr -s ' ' | tr '\n' ';'
}

verdicts_are() {
	[ "$(verdicts)" = "$1" ]
}

cat >relay.yaml <<Y
keys: {authorities: $work/ca.pem, at: "127.0.0.1:$(cat server.port)"}
endpoints:
  sns: {provider: aws-sns}
Y
start_relay --config "$work/relay.yaml"

notification https://sns.eu-west-1.amazonaws.com/good.pem
send /e/sns --body-file body >/dev/null
send /e/sns --body-file body >/dev/null
within 15 verdicts_are ' 2 valid;' || fail "the verdicts are $(verdicts)"

notification https://sns.eu-west-1.amazonaws.com.evil.test/good.pem
send /e/sns --body-file body >/dev/null
within 5 verdicts_are ' 1 invalid; 2 valid;' || fail "the verdicts are $(verdicts)"

# One that is not there is told, and not asked for again at once.
notification https://sns.eu-west-1.amazonaws.com/missing.pem
send /e/sns --body-file body >/dev/null
send /e/sns --body-file body >/dev/null
within 10 grep -q 'cannot be fetched' relay.err
within 5 verdicts_are ' 1 invalid; 2 unverified; 2 valid;' || fail "the verdicts are $(verdicts)"
equals "requests for the missing one" "$(grep -c 'GET /missing.pem' server.log)" 1
equals "requests for the good one" "$(grep -c 'GET /good.pem' server.log)" 1
