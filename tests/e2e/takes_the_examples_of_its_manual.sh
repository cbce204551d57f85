#!/bin/sh
# Every settings file that the manual shows is one that the programs take, as it stands there.
. "${0%/*}/lib.sh"

# examples PAGE: each block of settings of a manual page becomes a file: 1.yaml, 2.yaml, ...
examples() {
	rm -f ./*.yaml
	awk '/^```/ { inside = !inside; count += inside; next } inside { print > (count ".yaml") }' "$here/../../docs/$1"
	ls ./*.yaml
}

# What the examples name stands beside them: certificates, tokens, secrets.
mkdir -p certs secrets
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=hooks.example.com \
	-keyout privkey.pem -out fullchain.pem 2>/dev/null
cp fullchain.pem certs/shop.pem
umask 077
for name in stream.token secrets/stripe-live secrets/stripe-old secrets/postpress; do
	od -An -tx1 -N32 /dev/urandom | tr -d ' \n' >"$name"
done

# There is no relay: whoever finds that out has read the settings.
equals "examples of hookline(5)" "$(examples hookline.5.scd | wc -l)" 3
for file in ./*.yaml; do
	exits 3 "$hookline" listen --config "$file" --relay ws://127.0.0.1:1
	contains err.err 'no relay answers'
done

equals "examples of hookline-relay(5)" "$(examples hookline-relay.5.scd | wc -l)" 1
sed -i "s|sqlite:/var/lib/hookline/|sqlite:$work/|" 1.yaml
exits 0 "$relay" --check --config 1.yaml
