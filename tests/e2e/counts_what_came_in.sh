#!/bin/sh
# `hookline stats` tells how many events there were, of which provider, and what became of them: from the relay's own counts, and with a filter.
. "${0%/*}/lib.sh"

start_relay
"$hookline" endpoint add pay --provider stripe --secret-file "$(secret_file live whsec_right)" --label live >"$work/add.out"
send /e/pay/hooks --sign stripe:whsec_right >/dev/null
send /e/pay/hooks --sign stripe:whsec_other >/dev/null
send /plain >/dev/null

counted() {
	"$hookline" stats --json >stats.json
	test "$(json stats.json 'docs[0]["events"]')" = 3
}
within 10 counted
equals "wrongly signed" "$(json stats.json 'docs[0]["rejected"]')" 1
equals "by verdict" "$(json stats.json '[docs[0]["verdicts"][name] for name in ("valid", "invalid")]')" "[1, 1]"
equals "by provider" "$(json stats.json '[(row["name"], row["events"]) for row in docs[0]["providers"]]')" '[["stripe", 2], ["", 1]]'

"$hookline" stats --span 1h --json verdict:invalid >stats.json
equals "with a filter" "$(json stats.json '(docs[0]["events"], docs[0]["span"])')" "(1, '1h')"

"$hookline" stats >stats.out
contains stats.out '3 events, 0 failed at the app, 1 with a wrong signature'
contains stats.out '^stripe .* 2   67 %  1 wrongly signed$'
exits 2 "$hookline" stats --span 1y
contains err.err '1h, 24h or 7d, not "1y"'
