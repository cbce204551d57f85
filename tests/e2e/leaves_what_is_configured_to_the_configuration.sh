#!/bin/sh
# What stands in the relay's configuration, and would come back with the next reload, is not changed by a command.
. "${0%/*}/lib.sh"

live=$(secret_file live one)
other=$(secret_file other two)
cat >"$work/relay.yaml" <<EOF
endpoints:
  shop: {provider: stripe, secrets: [{label: live, file: $live}]}
  plain: {provider: stripe}
EOF
start_relay --config "$work/relay.yaml"

exits 1 "$hookline" endpoint set shop --secret-file "new=$other"
contains "$work/err.err" "the secrets of shop stand in the relay's configuration: change them there"
exits 1 "$hookline" endpoint set shop --remove-secret live
exits 1 "$hookline" endpoint remove shop --yes
contains "$work/err.err" "shop stands in the relay's configuration: take it out there"
exits 1 "$hookline" endpoint remove plain --yes
exits 0 "$hookline" endpoint set shop --reject-invalid
exits 0 "$hookline" endpoint set plain --secret-file "new=$other"
exits 0 "$hookline" endpoint list
contains "$work/out.out" 'shop .*live'
contains "$work/out.out" 'plain .*new'

# Though a reload cannot apply it.
"$hookline" endpoint add other --host other.example >/dev/null
printf 'endpoints:\n  plain: {provider: stripe}\n  shop: {host: other.example}\n' >"$work/relay.yaml"
reload_relay
contains "$work/relay.err" 'is not in use why=.*other.example already belongs'
exits 1 "$hookline" endpoint remove shop --yes

# Once it does not stand there any more, it is like any other.
printf 'endpoints:\n  plain: {provider: stripe}\n' >"$work/relay.yaml"
reload_relay
exits 0 "$hookline" endpoint set shop --secret-file "new=$other"
exits 0 "$hookline" endpoint remove shop --yes
exits 1 "$hookline" endpoint remove plain --yes
