#include "relay/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

#define DESCRIPTOR_MOST (1 << 20)
#define ALONE_MOST_S 86400

enum {
	OPTION_CONFIG = 256,
	OPTION_INGEST,
	OPTION_STREAM,
	OPTION_ADMIN,
	OPTION_STORE,
	OPTION_KEY_FILE,
	OPTION_READY_FD,
	OPTION_END_WITH_CLIENTS,
	OPTION_CHECK,
	OPTION_LOG_LEVEL,
	OPTION_LOG_FORMAT,
	OPTION_HELP,
	OPTION_VERSION,
};

static const struct option known[] = {
	{"config", required_argument, NULL, OPTION_CONFIG},
	{"ingest", required_argument, NULL, OPTION_INGEST},
	{"stream", required_argument, NULL, OPTION_STREAM},
	{"admin", required_argument, NULL, OPTION_ADMIN},
	{"store", required_argument, NULL, OPTION_STORE},
	{"key-file", required_argument, NULL, OPTION_KEY_FILE},
	{"ready-fd", required_argument, NULL, OPTION_READY_FD},
	{"end-with-clients", optional_argument, NULL, OPTION_END_WITH_CLIENTS},
	{"check", no_argument, NULL, OPTION_CHECK},
	{"log-level", required_argument, NULL, OPTION_LOG_LEVEL},
	{"log-format", required_argument, NULL, OPTION_LOG_FORMAT},
	{"help", no_argument, NULL, OPTION_HELP},
	{"version", no_argument, NULL, OPTION_VERSION},
	{0},
};

static const char help[] =
	"hookline-relay takes webhooks, stores them durably, answers, and streams them to hookline.\n"
	"\n"
	"usage: hookline-relay [OPTION...]\n"
	"\n"
	"  --config FILE       settings, in YAML (default: $XDG_CONFIG_HOME/hookline/relay.yaml,\n"
	"                      if there is one)\n"
	"  --ingest ADDR       where webhooks come in (127.0.0.1:8080)\n"
	"  --stream ADDR       where screens and commands connect (127.0.0.1:8081)\n"
	"  --admin ADDR        /healthz, /readyz, /metrics and /api (127.0.0.1:8082)\n"
	"  --store URL         sqlite:FILE (default: $XDG_DATA_HOME/hookline/hookline.db)\n"
	"  --key-file FILE     the key that seals provider secrets (default: beside the store)\n"
	"  --ready-fd N        write one line of JSON with the addresses to descriptor N, then close "
	"it\n"
	"  --end-with-clients[=SECONDS]\n"
	"                      end when the last screen or command has left and none came for 2 s\n"
	"  --check             read the settings, say whether they are fine, and end\n"
	"  --log-level LEVEL   error, warning, info or debug (info)\n"
	"  --log-format FORM   text or json (text)\n"
	"  --help, --version\n"
	"\n"
	"ADDR is HOST:PORT or PORT; port 0 lets the system choose. An option goes before the file.\n"
	"\n"
	"examples:\n"
	"  hookline-relay\n"
	"  hookline-relay --ingest 0.0.0.0:8080 --store sqlite:/var/lib/hookline/hookline.db\n"
	"  hookline-relay --config relay.yaml --check\n";

const char *options_help(void) {
	return help;
}

static bool parse_number(int *number, const char *text, int most) {
	char *end;
	long value = strtol(text, &end, 10);
	if (end == text || *end || value < 0 || value > most) {
		return false;
	}
	*number = (int)value;
	return true;
}

static bool parse_descriptor(int *number, const char *text, struct error *err) {
	return parse_number(number, text, DESCRIPTOR_MOST) ||
	       error_set(err, ERROR_USAGE,
			   "--ready-fd wants the number of an open descriptor, not \"%s\"", text);
}

static bool parse_alone(int *seconds, const char *text, struct error *err) {
	*seconds = OPTIONS_ALONE_S;
	return !text || parse_number(seconds, text, ALONE_MOST_S) ||
	       error_set(err, ERROR_USAGE,
			   "--end-with-clients wants seconds from 0 to %d behind a \"=\", not \"%s\"",
			   ALONE_MOST_S, text);
}

static bool take(struct options *options, int option, const char *value, struct error *err) {
	switch (option) {
	case OPTION_CONFIG:
		options->config = value;
		return true;
	case OPTION_INGEST:
		options->ingest = value;
		return true;
	case OPTION_STREAM:
		options->stream = value;
		return true;
	case OPTION_ADMIN:
		options->admin = value;
		return true;
	case OPTION_STORE:
		options->store = value;
		return true;
	case OPTION_KEY_FILE:
		options->key_file = value;
		return true;
	case OPTION_READY_FD:
		return parse_descriptor(&options->ready_fd, value, err);
	case OPTION_END_WITH_CLIENTS:
		return parse_alone(&options->end_with_clients_s, value, err);
	case OPTION_CHECK:
		options->check = true;
		return true;
	case OPTION_LOG_LEVEL:
		options->log_level = value;
		return true;
	default:
		options->log_format = value;
		return true;
	}
}

static enum options_outcome unknown_option(const char *text, struct error *err) {
	const char *names[sizeof known / sizeof *known];
	size_t count = 0;
	while (known[count].name) {
		names[count] = known[count].name;
		count++;
	}
	char word[64] = "";
	size_t len = strcspn(text + strspn(text, "-"), "=");
	len = len < sizeof word - 1 ? len : sizeof word - 1;
	memcpy(word, text + strspn(text, "-"), len);
	const char *nearest = text_nearest(word, names, count);
	if (nearest) {
		error_set(err, ERROR_USAGE, "unknown option %s, did you mean --%s?", text, nearest);
	} else {
		error_set(err, ERROR_USAGE, "unknown option %s (--help lists them)", text);
	}
	return OPTIONS_WRONG;
}

enum options_outcome options_parse(
	struct options *options, int argc, char *const *argv, struct error *err) {
	*options = (struct options){.ready_fd = -1, .end_with_clients_s = -1};
	opterr = 0;
	optind = 1;
	int option;
	while ((option = getopt_long(argc, argv, ":h", known, NULL)) != -1) {
		switch (option) {
		case 'h':
		case OPTION_HELP:
			return OPTIONS_HELP;
		case OPTION_VERSION:
			return OPTIONS_VERSION;
		case ':':
			error_set(err, ERROR_USAGE, "%s wants a value (--help says which)", argv[optind - 1]);
			return OPTIONS_WRONG;
		case '?':
			return unknown_option(argv[optind - 1], err);
		default:
			if (!take(options, option, optarg, err)) {
				return OPTIONS_WRONG;
			}
		}
	}
	if (optind < argc) {
		error_set(
			err, ERROR_USAGE, "unexpected \"%s\": hookline-relay takes options only", argv[optind]);
		return OPTIONS_WRONG;
	}
	return OPTIONS_RUN;
}
