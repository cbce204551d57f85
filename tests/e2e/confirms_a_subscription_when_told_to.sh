#!/bin/sh
# Amazon SNS asks for a URL to be opened: the relay does it where the endpoint says so, for what is rightly signed, once.
. "${0%/*}/lib.sh"

# An authority of ours, a server that is trusted through it, and the key that signs.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.pem 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=sns -keyout tls.key -out tls.csr 2>/dev/null
echo 'subjectAltName=DNS:sns.eu-west-1.amazonaws.com' >san
openssl x509 -req -in tls.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile san -out tls.pem 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=signer -keyout signer.key -out signer.pem 2>/dev/null

mkdir served
cp signer.pem served/good.pem
echo confirmed >served/confirm
cat >server.py <<'PY'
import http.server, os, ssl
class Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args):
        super().__init__(*args, directory="served")
    def do_GET(self):
        if self.path.startswith("/elsewhere"):
            self.send_response(302)
            self.send_header("Location", "https://sns.eu-west-1.amazonaws.com/confirm?redirected")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            super().do_GET()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("tls.pem", "tls.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
open("server.port.new", "w").write(str(server.server_port))
os.rename("server.port.new", "server.port")
server.serve_forever()
PY
"$python" server.py 2>server.log &
children="$children $!"
within 10 test -s server.port

# asks ENDPOINT TYPE URL [MESSAGE-THAT-IS-SENT]: signed as Amazon SNS signs
asks() {
	printf 'Message\nhello\nMessageId\n1\nSubscribeURL\n%s\nTimestamp\n2026-01-01T00:00:00.000Z\nToken\nt\nTopicArn\narn\nType\n%s\n' "$3" "$2" >text
	signature=$(openssl dgst -sha256 -sign signer.key text | openssl base64 -A)
	printf '{"Type":"%s","MessageId":"1","TopicArn":"arn","Message":"%s","SubscribeURL":"%s","Token":"t","Timestamp":"2026-01-01T00:00:00.000Z","SignatureVersion":"2","Signature":"%s","SigningCertURL":"https://sns.eu-west-1.amazonaws.com/good.pem"}' \
		"$2" "${4:-hello}" "$3" "$signature" >body
	send "/e/$1" -H "x-amz-sns-message-type: $2" --body-file body >/dev/null
}

opened() {
	grep -c "GET /confirm?$1 " server.log || true
}

why_is() {
	[ "$(field "$1" answer_why 2>/dev/null)" = "$2" ]
}

cat >relay.yaml <<Y
keys: {authorities: $work/ca.pem, at: "127.0.0.1:$(cat server.port)"}
endpoints:
  sns: {provider: aws-sns, handshake: confirm}
  asked: {provider: aws-sns}
Y
start_relay --config "$work/relay.yaml"

# The key is fetched, what waited for it is judged, and only then is the URL opened.
asks sns SubscriptionConfirmation 'https://sns.eu-west-1.amazonaws.com/confirm?one'
within 15 why_is sns#1 'SubscribeURL opened by the relay: confirmed' || fail "it says: $(field sns#1 answer_why)"
equals "the handshake" "$(field sns#1 handshake)" \
	"aws-sns SubscriptionConfirmation answered; its SubscribeURL is opened once the signature is right"
equals "times opened" "$(opened one)" 1
"$hookline" show sns#1 >show.out
contains show.out 'SubscribeURL opened by the relay: confirmed'

# With the key at hand; judged again, nothing is opened twice.
asks sns SubscriptionConfirmation 'https://sns.eu-west-1.amazonaws.com/confirm?two'
within 15 why_is sns#2 'SubscribeURL opened by the relay: confirmed'
"$hookline" endpoint reverify sns >/dev/null
equals "times opened" "$(opened two)" 1
equals "times opened" "$(opened one)" 1

# Not for a changed request, another host, a redirect, or the end of a subscription.
asks sns SubscriptionConfirmation 'https://sns.eu-west-1.amazonaws.com/confirm?changed' hullo
asks sns SubscriptionConfirmation 'https://sns.eu-west-1.amazonaws.com.evil.test/confirm?evil'
asks sns UnsubscribeConfirmation 'https://sns.eu-west-1.amazonaws.com/confirm?again'
asks asked SubscriptionConfirmation 'https://sns.eu-west-1.amazonaws.com/confirm?asked'
asks sns SubscriptionConfirmation 'https://sns.eu-west-1.amazonaws.com/elsewhere'
within 15 why_is sns#6 'SubscribeURL could not be opened: it answered 302' || fail "it says: $(field sns#6 answer_why)"
"$hookline" endpoint reverify sns >/dev/null
for one in changed evil again asked redirected; do
	equals "times $one was opened" "$(opened $one)" 0
done
equals "the handshake" "$(field asked#1 handshake)" \
	"aws-sns SubscriptionConfirmation answered; open its SubscribeURL to confirm"

# It can be switched from the command line.
"$hookline" endpoint add own --provider aws-sns --handshake confirm >/dev/null
asks own SubscriptionConfirmation 'https://sns.eu-west-1.amazonaws.com/confirm?own'
within 15 why_is own#1 'SubscribeURL opened by the relay: confirmed'
