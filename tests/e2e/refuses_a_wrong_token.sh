#!/bin/sh
# Who has not the token is told so, with an exit code of its own.
. "${0%/*}/lib.sh"

start_relay_with_token
wrong=$(secret_file wrong 0000000000000000000000000000000000000000000000000000000000000000)

exits 4 "$hookline" list --token-file "$wrong"
exits 4 "$hookline" list
exits 0 "$hookline" list --token-file "$work/token"
