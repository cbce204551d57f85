#!/bin/sh
# prove chaos: a handler that stands disorder passes whatever the seed; of one that does not, the fewest faults are found that are
# enough, and the line that repeats them does.
. "${0%/*}/lib.sh"

live=whsec_live_1
secret=$(secret_file live $live)
start_relay
exits 0 "$hookline" endpoint add shop --provider stripe --secret-file live="$secret"
for n in 10 11 12 13 14 15 16 17 18 19 20 21; do
	send /e/shop/hooks --sign stripe:$live -H 'Content-Type: application/json' --body "{\"id\":\"evt_$n\"}" >/dev/null
done

# chaos EXIT [OPTIONS]: with all events, against a handler whose books must have each event once
chaos() {
	want=$1
	shift
	exits "$want" "$hookline" prove chaos provider:stripe --to "$APP_URL/hooks" \
		--check "test \$(sort $APP_DIR/done | uniq -d | wc -l) = 0 && test \$(wc -l <$APP_DIR/done) = 12" \
		--reset ": >$APP_DIR/done; : >$APP_DIR/last" "$@"
}

start_handler --secret $live
for seed in 1 2 3; do
	chaos 0 --seed $seed --duplicate 0.3 --swap 0.2 --delay 0.2 --drop 0.2 --cut 0.2 --drip 0.1
	contains out.out '^stands: all 12 events were accepted'
	contains out.out "^repeat: hookline prove chaos provider:stripe --to http.* --seed $seed "
done

start_handler --secret $live --defects idempotency
chaos 1 --seed 1 --duplicate 0.3 --swap 0.2 --delay 0.2 --drop 0.2 --cut 0.2 --drip 0.1
contains out.out '^fails: 1 of [0-9]+ faults? is enough \(duplicate@shop#[0-9]+\)'
contains out.out "faults duplicate@shop#[0-9]+ --check"

# the line that repeats it does, and finds nothing less
sed -n 's/^repeat: hookline/"$hookline"/p' out.out >again.sh
exits 1 env hookline="$hookline" sh again.sh
contains out.out 'fails: 1 of 1 fault is enough'

start_handler --secret $live --defects order
chaos 1 --seed 2 --swap 0.3 --duplicate 0.3
contains out.out '^fails: 1 of [0-9]+ faults? is enough \(swap@'
contains out.out 'came behind|500'

# without a seed they are tried from 1 up: the first that fails is the smallest, and each before it goes well by itself
start_handler --secret $live --defects order
chaos 1 --swap 0.01 --seeds 50
contains out.out '^fails: seed [0-9]+ is the smallest that fails; 1 of [0-9]+ faults? is enough \(swap@'
smallest=$(sed -n 's/^fails: seed \([0-9]*\) .*/\1/p' out.out)
[ "$smallest" -gt 1 ] || fail "a rate of 0.01 that makes seed 1 fail tests nothing here"
contains out.out "^ *seed $smallest "
chaos 0 --swap 0.01 --seed $((smallest - 1))
chaos 0 --swap 0.01 --seeds $((smallest - 1))
contains out.out "requests with [0-9]+ faults of the seeds 1 to $((smallest - 1))$"
contains out.out "^repeat: .* --swap 0.01 --seeds $((smallest - 1)) --check"
chaos 1 --swap 0.01 --seed "$smallest"
exits 2 "$hookline" prove chaos shop#1 --to "$APP_URL/hooks" --faults drop@shop#1 --seed 3

# half a body taken for a whole one
start_handler --defects partial,type,signature
chaos 1 --seed 5 --cut 0.4
contains out.out '^fails: 1 of [0-9]+ faults? is enough \(cut@'

# what fails without any fault is told so
start_handler --secret whsec_other
chaos 1 --seed 1
contains out.out '^fails: it fails without any fault, too: shop#1 was never accepted: its last answer was 401'

# exactly these, by name
start_handler --secret $live
exits 0 "$hookline" prove chaos shop#1 shop#2 shop#3 --to "$APP_URL/hooks" --faults duplicate@shop#1,cut@shop#2:3,delay@shop#1:2
contains out.out '3 events, 3 faults'
exits 2 "$hookline" prove chaos shop#1 --to "$APP_URL/hooks" --faults duplicate@shop#9
contains err.err 'not among those that are sent'
exits 2 "$hookline" prove chaos shop#1 --to "$APP_URL/hooks" --duplicate 2
exits 1 "$hookline" prove chaos provider:nobody --to "$APP_URL/hooks"
stop "$APP_PID"
exits 6 "$hookline" prove chaos shop#1 --to "$APP_URL/hooks"
