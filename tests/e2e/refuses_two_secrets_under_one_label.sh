#!/bin/sh
# Of two secrets under one label only one could be kept: that is refused before anything is changed, and never done in silence.
. "${0%/*}/lib.sh"

start_relay
a=$(secret_file a secret-a) b=$(secret_file b secret-b)

exits 2 "$hookline" endpoint add two --provider github --secret-file "$a" --secret-file "$b"
contains err.err 'two secrets without a label: name them LABEL=FILE'
exits 2 "$hookline" endpoint add two --provider github --secret-file "$a" --secret-file "$b" --label live
contains err.err 'two secrets without a label'
exits 2 "$hookline" endpoint add two --provider github --secret-file "live=$a" --secret-file "live=$b"
contains err.err 'two secrets have the label "live"'
"$hookline" endpoint list >list.out
contains_not list.out '^two'

exits 0 "$hookline" endpoint add two --provider github --secret-file "live=$a" --secret-file "$b"
"$hookline" endpoint list >before.out
contains before.out '^two.*live \(.*default \('
exits 2 "$hookline" endpoint set two --secret-file "$a" --secret-file "default=$b"
contains err.err 'two secrets have the label "default"'
exits 2 "$hookline" endpoint set two --secret-file "$a" --secret-from two#1
contains err.err 'two secrets without a label'
"$hookline" endpoint list >after.out
cmp before.out after.out || fail "a refused change changed something"

# In the place of another one is no twin of it.
exits 0 "$hookline" endpoint set two --remove-secret live --secret-file "live=$b"
