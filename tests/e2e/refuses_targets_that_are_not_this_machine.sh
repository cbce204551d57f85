#!/bin/sh
# Webhooks go to this machine only, unless it is told otherwise.
. "${0%/*}/lib.sh"

start_relay
send /hooks >/dev/null

for url in http://192.0.2.1/ http://example.com/ ftp://127.0.0.1/ http://user:pass@127.0.0.1/ http://169.254.169.254/; do
	exits 2 timeout 20 "$hookline" listen --forward "$url"
	exits 2 timeout 20 "$hookline" replay default#1 --to "$url"
done
