#include "tui/commands/signing.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "common/alloc.h"
#include "common/moment.h"
#include "common/text.h"
#include "tui/commands/input.h"

#define SECRET_MAX 4096
#define PARAMETERS_MAX 32
#define OWN_PROVIDERS_MAX 1024

static void warn(struct span text) {
	struct buffer line = {0};
	text_escape(&line, text, TEXT_LINE);
	fprintf(stderr, "hookline: %s\n", buffer_text(&line));
	buffer_clear(&line);
}

static void load_folder(struct catalogue *catalogue, const char *folder) {
	DIR *dir = opendir(folder);
	struct dirent *entry;
	for (int count = 0; dir && count < OWN_PROVIDERS_MAX && (entry = readdir(dir)); count++) {
		size_t len = strlen(entry->d_name);
		if (entry->d_name[0] == '.' || len < 6 || strcmp(entry->d_name + len - 5, ".yaml") != 0) {
			continue;
		}
		struct buffer path = {0};
		struct error err = {0};
		buffer_printf(&path, "%s/%s", folder, entry->d_name);
		if (!catalogue_load(catalogue, buffer_text(&path), &err)) {
			error_prefix(&err, "provider left out");
			warn(span_text(err.text));
		}
		buffer_clear(&path);
	}
	if (dir) {
		closedir(dir);
	}
}

struct catalogue *signing_catalogue(void) {
	struct catalogue *catalogue = catalogue_new();
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct buffer folder = {0};
	if (config && config[0] == '/') {
		buffer_printf(&folder, "%s/hookline/providers", config);
	} else if (home) {
		buffer_printf(&folder, "%s/.config/hookline/providers", home);
	}
	if (folder.len > 0) {
		load_folder(catalogue, buffer_text(&folder));
	}
	buffer_clear(&folder);
	return catalogue;
}

static void warn_if_open(const char *name) {
	struct stat info;
	if (strcmp(name, "-") == 0 || stat(name, &info) < 0 || !S_ISREG(info.st_mode) ||
		(info.st_mode & 077) == 0) {
		return;
	}
	struct buffer text = {0};
	buffer_printf(
		&text, "warning: other users can open %s; chmod 600 keeps the secret to you", name);
	warn(buffer_span(&text));
	buffer_clear(&text);
}

/* "prod=FILE" -> label and file; without a label the file's own name is one. */
static const char *split_label(const char *given, char label[SECRET_LABEL_LEN]) {
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
	size_t len = strspn(given, letters);
	if (len > 0 && len < SECRET_LABEL_LEN && given[len] == '=') {
		snprintf(label, SECRET_LABEL_LEN, "%.*s", (int)len, given);
		return given + len + 1;
	}
	const char *slash = strrchr(given, '/');
	const char *name = strcmp(given, "-") == 0 ? "stdin" : slash ? slash + 1 : given;
	snprintf(label, SECRET_LABEL_LEN, "%s", name);
	return given;
}

static struct span without_line_end(struct span text) {
	if (text.len > 0 && text.data[text.len - 1] == '\n') {
		text.len--;
		text.len -= text.len > 0 && text.data[text.len - 1] == '\r';
	}
	return text;
}

static void keep(struct signing_secrets *secrets, const char *label, struct span value) {
	struct explain_secret *secret = &secrets->items[secrets->count++];
	secret->label = alloc_text(label, strlen(label));
	secret->value = (struct span){alloc_text(value.data, value.len), value.len};
}

static void forget(struct signing_secrets *secrets) {
	for (size_t i = 0; i < secrets->count; i++) {
		struct explain_secret *secret = &secrets->items[i];
		OPENSSL_cleanse((char *)secret->value.data, secret->value.len);
		free((char *)secret->value.data);
		free((char *)secret->label);
	}
}

/* `keyring` NULL: it is only kept. */
static bool add_secret(struct keyring *keyring, struct signing_secrets *secrets, const char *given,
	struct error *err) {
	char label[SECRET_LABEL_LEN];
	const char *file = split_label(given, label);
	struct buffer secret = {0};
	warn_if_open(file);
	bool ok = input_read(file, SECRET_MAX + 2, &secret, err);
	struct span value = without_line_end(buffer_span(&secret));
	if (ok && keyring && !keyring_add(keyring, label, value, err)) {
		ok = error_prefix(err, "%s", strcmp(file, "-") == 0 ? "standard input" : file);
	}
	if (ok && secrets->count == EXPLAIN_SECRETS_MAX) {
		ok = error_set(err, ERROR_USAGE, "more than %d secrets", EXPLAIN_SECRETS_MAX);
	} else if (ok) {
		keep(secrets, label, value);
	}
	if (secret.data) {
		OPENSSL_cleanse(secret.data, secret.capacity);
	}
	buffer_clear(&secret);
	return ok;
}

static bool add_secrets(
	struct signing_input *input, const struct arguments *arguments, struct error *err) {
	const char *given;
	for (size_t n = 0; (given = arguments_nth(arguments, "secret-file", n)); n++) {
		if (!add_secret(input->keyring, &input->secrets, given, err)) {
			return false;
		}
	}
	for (size_t n = 0; (given = arguments_nth(arguments, "other-secret-file", n)); n++) {
		if (!add_secret(NULL, &input->others, given, err)) {
			return false;
		}
	}
	return true;
}

static bool make_keyring(struct signing_input *input, const struct provider *provider,
	const struct arguments *arguments, struct error *err) {
	struct parameter parameters[PARAMETERS_MAX + 1];
	size_t count = 0;
	const char *given, *url = arguments_text(arguments, "url", input->default_url);
	bool ok = true;
	for (; ok && (given = arguments_nth(arguments, "param", count)); count++) {
		const char *equals = strchr(given, '=');
		if (!equals || equals == given || count == PARAMETERS_MAX) {
			ok = error_set(err, ERROR_USAGE, "--param takes NAME=VALUE, found \"%s\"", given);
			break;
		}
		parameters[count] =
			(struct parameter){alloc_text(given, (size_t)(equals - given)), equals + 1};
	}
	if (url) {
		parameters[count++] = (struct parameter){alloc_text("url", 3), url};
	}
	input->keyring = ok ? keyring_new(provider, parameters, count, err) : NULL;
	for (size_t i = 0; i < count; i++) {
		free((char *)parameters[i].name);
	}
	return input->keyring != NULL;
}

/* Where the body begins, or 0 with what is wrong with the head. */
static size_t find_body(struct span bytes, const char *name, struct error *err) {
	for (size_t at = 0; at < bytes.len; at++) {
		at += span_find(span_after(bytes, at), '\n');
		if (at >= bytes.len) {
			break;
		}
		if (at == 0 || bytes.data[at - 1] != '\r') {
			error_set(err, ERROR_USAGE,
				"%s: a line of the head ends in LF alone; a request as captured has CR LF "
				"(hookline "
				"show --raw writes one)",
				name);
			return 0;
		}
		if (at >= 3 && bytes.data[at - 2] == '\n') {
			return at + 1;
		}
	}
	error_set(err, ERROR_USAGE, "%s: no empty line ends the head of the request", name);
	return 0;
}

/* The body is what the file has; a Content-Length of another number may mean that it was cut. */
static void compare_length(const struct message *message) {
	struct span told = message_header_value(message, "Content-Length");
	char text[24], *end = NULL;
	if (told.len == 0 || told.len >= sizeof text) {
		return;
	}
	snprintf(text, sizeof text, "%.*s", (int)told.len, told.data);
	unsigned long long len = strtoull(text, &end, 10);
	if (*end == '\0' && len != message->body.len) {
		fprintf(stderr, "hookline: Content-Length says %llu, but the body has %zu bytes\n", len,
			message->body.len);
	}
}

static bool read_file(struct signing_input *input, const char *file, struct error *err) {
	if (!input_read(file, SIGNING_FILE_MAX, &input->bytes, err)) {
		return false;
	}
	const char *name = strcmp(file, "-") == 0 ? "standard input" : file;
	struct span bytes = buffer_span(&input->bytes);
	size_t body = find_body(bytes, name, err);
	if (body == 0) {
		return false;
	}
	struct span head = {bytes.data, body};
	if (!message_parse(&input->message, head, span_after(bytes, body), err)) {
		err->code = ERROR_USAGE;
		return error_prefix(err, "%s", name);
	}
	compare_length(&input->message);
	return true;
}

static bool read_request(
	struct signing_input *input, const struct arguments *arguments, struct error *err) {
	if (arguments->word_count > 1) {
		return error_set(err, ERROR_USAGE, "expected one file, found %zu", arguments->word_count);
	}
	const char *file = arguments->word_count > 0 ? arguments->words[0] : "-";
	const char *given;
	char label[SECRET_LABEL_LEN];
	size_t from_stdin = strcmp(file, "-") == 0;
	for (size_t n = 0; (given = arguments_nth(arguments, "secret-file", n)); n++) {
		from_stdin += strcmp(split_label(given, label), "-") == 0;
	}
	if (from_stdin > 1) {
		return error_set(
			err, ERROR_USAGE, "standard input can be read once: as the request or as one secret");
	}
	return read_file(input, file, err);
}

static bool read_moment(int64_t *ms, const struct arguments *arguments, struct error *err) {
	const char *text = arguments_text(arguments, "at", NULL);
	struct timespec now;
	int64_t ns = 0;
	if (!text) {
		clock_gettime(CLOCK_REALTIME, &now);
		*ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / MOMENT_NS_PER_MS;
		return true;
	}
	if (!moment_parse_any(&ns, span_text(text))) {
		return error_set(err, ERROR_USAGE,
			"--at takes Unix seconds or RFC 3339 (1767225590, 2026-01-01T00:00:00Z), found \"%s\"",
			text);
	}
	*ms = ns / MOMENT_NS_PER_MS;
	return true;
}

static const struct provider *choose_provider(
	const struct signing_input *input, const struct arguments *arguments, struct error *err) {
	const char *name = arguments_text(arguments, "provider", NULL);
	if (name) {
		return catalogue_find(input->catalogue, name, err);
	}
	struct buffer several = {0};
	const struct provider *provider =
		catalogue_recognise(input->catalogue, &input->message, &several);
	if (!provider && several.len > 0) {
		error_set(err, ERROR_USAGE,
			"the headers are those of several providers (%s): say --provider",
			buffer_text(&several));
	} else if (!provider) {
		error_set(err, ERROR_USAGE, "the headers are of no provider that is known: say --provider");
	}
	buffer_clear(&several);
	return provider;
}

static bool check_url(const struct arguments *arguments, struct error *err) {
	const char *url = arguments_text(arguments, "url", NULL);
	return !url || strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0 ||
	       error_set(err, ERROR_USAGE, "--url takes http://... or https://..., found \"%s\"", url);
}

bool signing_read(
	struct signing_input *input, const struct arguments *arguments, struct error *err) {
	input->catalogue = signing_catalogue();
	if (!read_moment(&input->now_ms, arguments, err) || !check_url(arguments, err) ||
		!read_request(input, arguments, err)) {
		return false;
	}
	const struct provider *provider = choose_provider(input, arguments, err);
	return provider && make_keyring(input, provider, arguments, err) &&
	       add_secrets(input, arguments, err);
}

bool signing_read_provider(
	struct signing_input *input, const struct arguments *arguments, struct error *err) {
	input->catalogue = signing_catalogue();
	const char *name = arguments_text(arguments, "provider", NULL);
	if (!name) {
		return error_set(err, ERROR_USAGE, "say --provider");
	}
	const struct provider *provider = catalogue_find(input->catalogue, name, err);
	return provider && check_url(arguments, err) && make_keyring(input, provider, arguments, err);
}

bool signing_read_plain(struct signing_input *input, const char *file, struct error *err) {
	input->catalogue = signing_catalogue();
	return read_file(input, file, err);
}

bool signing_read_keys(struct signing_input *input, const struct provider *provider,
	const struct arguments *arguments, struct error *err) {
	return read_moment(&input->now_ms, arguments, err) && check_url(arguments, err) &&
	       make_keyring(input, provider, arguments, err) && add_secrets(input, arguments, err);
}

bool signing_read_sample(struct signing_input *input, const struct provider *provider,
	const char *file, const struct arguments *arguments, struct error *err) {
	return read_moment(&input->now_ms, arguments, err) && check_url(arguments, err) &&
	       read_file(input, file, err) && make_keyring(input, provider, arguments, err) &&
	       add_secrets(input, arguments, err);
}

void signing_clear(struct signing_input *input) {
	forget(&input->secrets);
	forget(&input->others);
	keyring_free(input->keyring);
	message_clear(&input->message);
	buffer_clear(&input->bytes);
	catalogue_free(input->catalogue);
}

struct keyring *signing_keyring(const struct catalogue *catalogue, const char *provider,
	const struct parameter *parameters, size_t parameter_count, const char *secret_file,
	struct error *err) {
	struct signing_secrets secrets = {.count = 0};
	const struct provider *known = catalogue_find(catalogue, provider, err);
	struct keyring *keyring = known ? keyring_new(known, parameters, parameter_count, err) : NULL;
	if (keyring && !add_secret(keyring, &secrets, secret_file, err)) {
		keyring_free(keyring);
		keyring = NULL;
	}
	forget(&secrets);
	return keyring;
}
