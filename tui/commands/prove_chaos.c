/* hookline prove chaos: many events in the disorder that networks and retries make of them. */
#include <inttypes.h>
#include <stdlib.h>

#include "tui/commands/commands.h"
#include "tui/commands/print.h"
#include "tui/commands/prove_report.h"

#define SHRINK_RUNS_MAX 1000
#define SEEDS_MAX 100000
/* With all that may be tried behind it still a number of 63 bits. */
#define SEED_MAX (INT64_MAX - SEEDS_MAX)

static bool read_rate(
	struct prove_command *command, enum mischief mischief, bool *any, struct error *err) {
	const char *text = arguments_text(command->arguments, mischief_name(mischief), NULL);
	char *end;
	if (!text) {
		return true;
	}
	double rate = strtod(text, &end);
	if (end == text || *end || !(rate >= 0 && rate <= 1)) {
		return error_set(err, ERROR_USAGE, "--%s: expected a part of all from 0 to 1, not \"%s\"",
			mischief_name(mischief), text);
	}
	command->order.rates[mischief] = rate;
	*any = true;
	return true;
}

static bool read_rates(struct prove_command *command, struct error *err) {
	bool any = false;
	command->order.faults = arguments_text(command->arguments, "faults", NULL);
	for (int i = 0; i < MISCHIEF_COUNT; i++) {
		if (!read_rate(command, (enum mischief)i, &any, err)) {
			return false;
		}
	}
	if (any && command->order.faults) {
		return error_set(err, ERROR_USAGE, "--faults says exactly which: no rates beside it");
	}
	if (!any) {
		prove_order_usual_rates(&command->order);
	}
	return true;
}

/* One that is named is the only one, unless --seeds says otherwise. */
static bool read_seeds(struct prove_command *command, struct error *err) {
	bool named = arguments_has(command->arguments, "seed");
	int64_t seed = (int64_t)command->order.seed;
	int64_t seeds = named ? 1 : (int64_t)command->order.seeds;
	if (!arguments_int(command->arguments, "seed", 0, SEED_MAX, &seed, err) ||
		!arguments_int(command->arguments, "seeds", 1, SEEDS_MAX, &seeds, err)) {
		return false;
	}
	if (command->order.faults && (named || arguments_has(command->arguments, "seeds"))) {
		return error_set(err, ERROR_USAGE, "--faults says exactly which: no seed beside it");
	}
	command->order.seed = (uint64_t)seed;
	command->order.seeds = command->order.faults ? 1 : (uint64_t)seeds;
	return true;
}

static bool are_refs(const struct arguments *arguments) {
	struct event_ref ref;
	for (size_t i = 0; i < arguments->word_count; i++) {
		if (!event_ref_parse(&ref, span_text(arguments->words[i]), NULL)) {
			return false;
		}
	}
	return arguments->word_count > 0;
}

/* Events by name, or a filter. */
static bool read_events(struct prove_command *command, struct error *err) {
	const struct arguments *arguments = command->arguments;
	if (!are_refs(arguments)) {
		if (!filter_from_words(&command->words, arguments, NULL, err)) {
			return false;
		}
		command->order.filter = buffer_text(&command->words);
		return true;
	}
	if (arguments->word_count > PROVE_EVENTS_MAX) {
		return error_set(err, ERROR_USAGE, "at most %d events at once", PROVE_EVENTS_MAX);
	}
	command->order.refs = (const char *const *)arguments->words;
	command->order.ref_count = arguments->word_count;
	return true;
}

static bool read_chaos(struct prove_command *command, struct error *err) {
	const struct arguments *arguments = command->arguments;
	command->options.concurrency = command->options.concurrency ? command->options.concurrency : 1;
	command->order.at_once = (size_t)command->options.concurrency;
	return read_rates(command, err) && read_seeds(command, err) && read_events(command, err) &&
	       arguments_int(arguments, "limit", 1, PROVE_EVENTS_MAX, &command->order.limit, err) &&
	       arguments_int(arguments, "shrink", 0, SHRINK_RUNS_MAX, &command->order.shrink_runs, err);
}

static int run(const struct arguments *arguments, struct error *err) {
	struct prove_command command = {0};
	if (prove_command_read(&command, PROVE_CHAOS, arguments, err) && read_chaos(&command, err)) {
		return prove_command_run(&command, err);
	}
	prove_command_clear(&command);
	return 2;
}

static const struct option_row options[] = {
	{"to", 0, "URL", "where the app is: localhost:3000/hooks"},
	{"duplicate", 0, "PART", "so many come twice: 0.1 is every tenth, by chance"},
	{"swap", 0, "PART", "so many come behind the one after them"},
	{"delay", 0, "PART", "so many come behind some others"},
	{"drop", 0, "PART", "so many are lost, and sent again in the end"},
	{"cut", 0, "PART", "of so many the connection breaks in mid-body; sent again in the end"},
	{"drip", 0, "PART", "so many bodies come slowly"},
	{"seeds", 0, "N", "tries seeds from 1 up, at most N, until one fails (10)"},
	{"seed", 0, "N", "this one alone: the same number, the same disorder"},
	{"faults", 0, "FAULT,...", "exactly these: duplicate@stripe#17,cut@stripe#21:120"},
	{"check", 0, "COMMAND", "a shell command that says by its exit code whether all is well"},
	{"reset", 0, "COMMAND", "one that makes the app forget what it was sent; before each run"},
	{"limit", 0, "N", "at most N events of a filter, the oldest first (200)"},
	{"shrink", 0, "N", "at most N runs to find the fewest faults (60; 0: none)"},
	{"json", 0, NULL, "one JSON object a line, the last with the verdict"},
	{NULL},
};

static const char *const examples[] = {
	"hookline prove chaos provider:stripe --to localhost:3000/hooks --check ./balance.sh",
	NULL,
};

const struct command command_prove_chaos = {
	.name = "prove chaos",
	.summary = "events that come twice, late, in another order or broken off are stood",
	.usage = "FILTER|REF... --to URL [--seeds N] [--check COMMAND] [--reset COMMAND]",
	.examples = examples,
	.options = options,
	.delivers = true,
	.uses_relay = true,
	.changes = true,
	.run = run,
};
