/* hookline prove twice, reject and retries: one event is sent in ways that a webhook handler has to stand. */
#include <stdlib.h>
#include <string.h>

#include "tui/commands/commands.h"
#include "tui/commands/prove_report.h"
#include "tui/prove/refusal.h"

#define APART_MAX_MS 60000
#define DOWN_MAX_MS (INT64_C(30) * 24 * 3600 * 1000)
#define SPEED_MAX 1000000
#define OVERSIZE_LEAST 1024
#define OVERSIZE_MOST (INT64_C(256) * 1024 * 1024)

/* Of a request in a file, which no relay signs. */
#define FILE_OPTIONS                                                                               \
	{"provider", 'p', "NAME", "of a file: who signs; without it the headers must show it"},        \
		{"secret-file", 's', "[LABEL=]FILE", "of a file: the secret to sign it with"},             \
		{"param", 0, "NAME=VALUE", "of a file: a setting of the provider"}, {                      \
		"url", 0, "URL", "of a file: the URL the provider was given"                               \
	}
#define TO_OPTION                                                                                  \
	{ "to", 0, "URL", "where the app is: localhost:3000/hooks" }
#define PROBE_OPTION                                                                               \
	{ "probe", 0, "COMMAND", "a shell command that prints the state of the app" }
#define JSON_OPTION                                                                                \
	{ "json", 0, NULL, "one JSON object a line, the last with the verdict" }

static int finish(struct prove_command *command, bool ok, struct error *err) {
	if (ok) {
		return prove_command_run(command, err);
	}
	prove_command_clear(command);
	return 2;
}

/* --- twice --- */

static bool read_twice(struct prove_command *command, struct error *err) {
	const struct arguments *arguments = command->arguments;
	bool parallel = arguments_has(arguments, "parallel");
	if (parallel && arguments_has(arguments, "apart")) {
		return error_set(err, ERROR_USAGE, "--parallel is --apart 0ms: give one of them");
	}
	command->order.apart_ms = parallel ? 0 : -1;
	command->order.ignore = arguments_text(arguments, "ignore", NULL);
	return arguments_duration_ms(
		arguments, "apart", 0, APART_MAX_MS, &command->order.apart_ms, err);
}

static int run_twice(const struct arguments *arguments, struct error *err) {
	struct prove_command command = {0};
	bool ok = prove_command_read(&command, PROVE_TWICE, arguments, err) &&
	          read_twice(&command, err) && prove_command_event(&command, err);
	return finish(&command, ok, err);
}

static const struct option_row twice_options[] = {
	TO_OPTION,
	{"apart", 0, "TIME", "the second begins so long after the first, answered or not"},
	{"parallel", 0, NULL, "both at the same time"},
	PROBE_OPTION,
	{"reset", 0, "COMMAND", "a shell command that makes the app forget what it was sent"},
	{"ignore", 0, "NAME,...", "members of a JSON answer that may differ: id,data.at"},
	FILE_OPTIONS,
	JSON_OPTION,
	{NULL},
};

static const char *const twice_examples[] = {
	"hookline prove twice stripe#1042 --to 3000/hooks --probe 'psql -Atc \"select * from orders\"'",
	"hookline prove twice stripe#1042 --to localhost:3000/hooks --parallel",
	NULL,
};

const struct command command_prove_twice = {
	.name = "prove twice",
	.summary = "a repeated event changes nothing the second time",
	.usage = "REF|FILE --to URL [--apart TIME | --parallel] [--probe COMMAND]\n"
			 "REF|FILE --to URL --parallel --probe COMMAND --reset COMMAND",
	.examples = twice_examples,
	.options = twice_options,
	.delivers = true,
	.uses_relay = true,
	.changes = true,
	.run = run_twice,
};

/* --- reject --- */

/* "stale,future" as bits of enum refusal. */
static bool read_cases(
	const struct arguments *arguments, const char *option, unsigned *bits, struct error *err) {
	struct span rest = span_text(arguments_text(arguments, option, ""));
	while (rest.len > 0) {
		struct span name = span_trim(span_cut(&rest, ','));
		int refusal = refusal_from_name(name);
		if (name.len > 0 && refusal < 0) {
			struct buffer names = {0};
			for (int i = 0; i < REFUSAL_COUNT; i++) {
				buffer_printf(&names, "%s%s", i > 0 ? ", " : "", refusal_name((enum refusal)i));
			}
			error_set(err, ERROR_USAGE, "--%s: there is no case \"%.*s\": %s", option,
				(int)(name.len < 60 ? name.len : 60), name.data, buffer_text(&names));
			buffer_clear(&names);
			return false;
		}
		*bits |= name.len > 0 ? 1u << refusal : 0;
	}
	return true;
}

static bool read_reject(struct prove_command *command, struct error *err) {
	const unsigned all = (1u << REFUSAL_COUNT) - 1;
	unsigned only = 0, without = 0;
	if (!read_cases(command->arguments, "only", &only, err) ||
		!read_cases(command->arguments, "skip", &without, err) ||
		!arguments_int(command->arguments, "oversize", OVERSIZE_LEAST, OVERSIZE_MOST,
			&command->order.oversize, err)) {
		return false;
	}
	only = (only ? only : all) & ~without;
	if (only == 0) {
		return error_set(err, ERROR_USAGE, "--only and --skip leave no case");
	}
	command->order.only = only == all ? 0 : only;
	return true;
}

static int run_reject(const struct arguments *arguments, struct error *err) {
	struct prove_command command = {0};
	bool ok = prove_command_read(&command, PROVE_REJECT, arguments, err) &&
	          read_reject(&command, err) && prove_command_event(&command, err);
	return finish(&command, ok, err);
}

static const struct option_row reject_options[] = {
	TO_OPTION,
	{"only", 0, "CASE,...", "these cases alone: altered-body, wrong-secret, stale, ..."},
	{"skip", 0, "CASE,...", "all but these"},
	{"oversize", 0, "BYTES", "body of the case oversize (16 MiB)"},
	PROBE_OPTION,
	FILE_OPTIONS,
	JSON_OPTION,
	{NULL},
};

static const char *const reject_examples[] = {
	"hookline prove reject stripe#1042 --to localhost:3000/hooks",
	"hookline prove reject request.http -p github -s secret.txt --to 3000 --only altered-body",
	NULL,
};

const struct command command_prove_reject = {
	.name = "prove reject",
	.summary = "requests that are forged, stale or broken are refused",
	.usage = "REF|FILE --to URL [--only CASE,... | --skip CASE,...]",
	.examples = reject_examples,
	.options = reject_options,
	.delivers = true,
	.uses_relay = true,
	.changes = true,
	.run = run_reject,
};

/* --- retries --- */

/* "600x" or "600" */
static bool read_speed(struct prove_command *command, struct error *err) {
	const char *text = arguments_text(command->arguments, "speed", NULL);
	char *end;
	if (!text) {
		return true;
	}
	double speed = strtod(text, &end);
	if (end == text || (*end && strcmp(end, "x") != 0) || !(speed >= 0.01 && speed <= SPEED_MAX)) {
		return error_set(err, ERROR_USAGE,
			"--speed: expected how many times as fast, such as 600x, not \"%s\"", text);
	}
	command->order.speed = speed;
	return true;
}

static bool read_retries(struct prove_command *command, struct error *err) {
	command->order.unseen = arguments_has(command->arguments, "unseen");
	command->order.schedule = arguments_text(command->arguments, "schedule", NULL);
	command->order.catalogue = command->catalogue = signing_catalogue();
	return read_speed(command, err) && arguments_duration_ms(command->arguments, "down", 0,
										   DOWN_MAX_MS, &command->order.down_ms, err);
}

static int run_retries(const struct arguments *arguments, struct error *err) {
	struct prove_command command = {0};
	bool ok = prove_command_read(&command, PROVE_RETRIES, arguments, err) &&
	          read_retries(&command, err) && prove_command_event(&command, err);
	return finish(&command, ok, err);
}

static const struct option_row retries_options[] = {
	TO_OPTION,
	{"down", 0, "TIME", "how long answers of the app do not count (3h)"},
	{"unseen", 0, NULL, "and it is not even sent what comes meanwhile"},
	{"speed", 0, "Nx", "how many times as fast as the provider (600x)"},
	{"schedule", 0, "POLICY", "instead of the provider's: 5s,30s,5m"},
	FILE_OPTIONS,
	JSON_OPTION,
	{NULL},
};

static const char *const retries_examples[] = {
	"hookline prove retries stripe#1042 --to localhost:3000/hooks --down 3h --speed 600x",
	NULL,
};

const struct command command_prove_retries = {
	.name = "prove retries",
	.summary = "what the provider sends when the app was down is taken in the end",
	.usage = "REF|FILE --to URL [--down TIME] [--speed Nx] [--unseen]",
	.examples = retries_examples,
	.options = retries_options,
	.delivers = true,
	.uses_relay = true,
	.changes = true,
	.run = run_retries,
};

/* --- all --- */

/* Never reached: one of the parts is named. */
static int run_none(const struct arguments *arguments, struct error *err) {
	(void)arguments;
	command_find_part(&command_prove, NULL, err);
	return 2;
}

static const struct command *const parts[] = {&command_prove_twice, &command_prove_reject,
	&command_prove_retries, &command_prove_chaos, NULL};

static const char *const examples[] = {"hookline prove twice stripe#1042 --to localhost:3000/hooks",
	"hookline prove reject stripe#1042 --to localhost:3000/hooks", "hookline help prove chaos",
	NULL};

const struct command command_prove = {
	.name = "prove",
	.summary = "find out whether the app stands what webhook handlers meet",
	.usage = "twice|reject|retries|chaos ... --to URL",
	.examples = examples,
	.parts = parts,
	.run = run_none,
};
