#include "tui/commands/deliver_flags.h"

#define TIMEOUT_MAX_MS (24 * 3600 * 1000)

const struct option_row deliver_option_rows[] = {
	{"timeout", 0, "TIME", "how long the app may take to answer (30s)"},
	{"connect-timeout", 0, "TIME", "how long connecting to it may take (2s)"},
	{"concurrency", 0, "N", "requests under way at once"},
	{"anywhere", 0, NULL, "the app may be on another machine"},
	{"insecure", 0, NULL, "https without checking the certificate"},
	{NULL},
};

bool deliver_options_read(struct deliver_options *options, const struct arguments *arguments,
	const char *who, struct error *err) {
	options->who = who;
	options->anywhere = arguments_has(arguments, "anywhere");
	options->insecure = arguments_has(arguments, "insecure");
	return arguments_duration_ms(
			   arguments, "timeout", 1, TIMEOUT_MAX_MS, &options->total_ms, err) &&
	       arguments_duration_ms(
			   arguments, "connect-timeout", 1, TIMEOUT_MAX_MS, &options->connect_ms, err) &&
	       arguments_int(
			   arguments, "concurrency", 1, DELIVER_CONCURRENCY_MAX, &options->concurrency, err);
}
