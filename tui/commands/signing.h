/* What verify, sign and provider have in common: the catalogue, secrets in files, a raw request in a file. */
#pragma once

#include "common/signature/explain.h"
#include "tui/commands/arguments.h"

/* Largest request file. */
#define SIGNING_FILE_MAX ((size_t)256 * 1024 * 1024)

/*
 * Compiled-in providers and those in $XDG_CONFIG_HOME/hookline/providers (~/.config where it is not set). A broken file
 * is named on stderr and left out.
 */
struct catalogue *signing_catalogue(void);

/* Secrets as they stand in their files; labels and values are ours. */
struct signing_secrets {
	struct explain_secret items[EXPLAIN_SECRETS_MAX];
	size_t count;
};

/* A request read from a file, and the keys it is judged or signed with. All zero is empty. */
struct signing_input {
	struct catalogue *catalogue;
	struct buffer bytes; /* of the file */
	struct message message;
	struct keyring *keyring;
	struct signing_secrets secrets; /* those of the keyring */
	struct signing_secrets others;  /* of --other-secret-file */
	int64_t now_ms;
	const char *default_url; /* where --url is not given; NULL: none */
};

/* The options of all three commands, for their tables; */
#define SIGNING_KEY_OPTIONS                                                                        \
	{"secret-file", 's', "[LABEL=]FILE", "a secret (one line end is cut off); may be repeated"},   \
		{"param", 0, "NAME=VALUE", "a setting of the provider, such as header=X-Key"},             \
		{"at", 0, "TIME", "the moment to judge at: Unix seconds or RFC 3339 (now)"}, {             \
		"url", 0, "URL", "the URL the provider was given, for schemes that sign it"                \
	}

/* and those of verify and sign, which are not told by a file who the provider is. */
#define SIGNING_OPTIONS                                                                            \
	{"provider", 'p', "NAME", "who signs; without it the headers must show it"}, SIGNING_KEY_OPTIONS

/* Fills `input` by the options and the first word (a file, or `-` for standard input, which is the default). */
bool signing_read(
	struct signing_input *input, const struct arguments *arguments, struct error *err);

/* The same without a request: the provider of --provider alone, with its parameters. */
bool signing_read_provider(
	struct signing_input *input, const struct arguments *arguments, struct error *err);

/* Only the request, with nothing to sign it. */
bool signing_read_plain(struct signing_input *input, const char *file, struct error *err);

/* The same without a request, for a provider that is known already: its keys and the moment. Leaves the catalogue alone. */
bool signing_read_keys(struct signing_input *input, const struct provider *provider,
	const struct arguments *arguments, struct error *err);

/* The same for one file and a provider that is known already; leaves the catalogue alone. */
bool signing_read_sample(struct signing_input *input, const struct provider *provider,
	const char *file, const struct arguments *arguments, struct error *err);
void signing_clear(struct signing_input *input);

/* A keyring of one provider with the one secret that stands in a file; free with keyring_free. NULL and `err`. */
struct keyring *signing_keyring(const struct catalogue *catalogue, const char *provider,
	const struct parameter *parameters, size_t parameter_count, const char *secret_file,
	struct error *err);
