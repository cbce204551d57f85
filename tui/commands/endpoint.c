/* hookline endpoint: what webhooks belong to, and the secrets they are judged with. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>

#include "common/business_key.h"
#include "common/endpoint_url.h"
#include "common/json.h"
#include "common/text.h"
#include "tui/commands/commands.h"
#include "tui/commands/endpoint_answer.h"
#include "tui/commands/print.h"
#include "tui/commands/secret_from.h"
#include "tui/commands/secrets.h"
#include "tui/commands/session.h"

enum verb { VERB_ADD, VERB_SET, VERB_LIST, VERB_REMOVE, VERB_REVERIFY, VERB_COUNT };

static const char *const verbs[] = {"add", "set", "list", "remove", "reverify"};

struct endpoint_command {
	struct session session;
	const struct arguments *arguments;
	enum verb verb;
	const char *name;
	struct buffer request; /* may hold secrets */
	struct secret_from from;
	struct buffer brought; /* by the event of --secret-from */
};

/* --- the request --- */

/* "LABEL=FILE", "FILE" (the label is --label, or "default"). */
struct given_secret {
	struct span label;
	const char *path;
	bool named; /* by a label of its own */
};

static struct given_secret read_given(const struct arguments *arguments, const char *given) {
	const char *equals = strchr(given, '=');
	if (equals && equals != given && !memchr(given, '/', (size_t)(equals - given))) {
		return (struct given_secret){{given, (size_t)(equals - given)}, equals + 1, true};
	}
	return (struct given_secret){
		.label = span_text(arguments_text(arguments, "label", "default")), .path = given};
}

static bool refuse_twin(
	const struct given_secret *one, const struct given_secret *other, struct error *err) {
	if (!one->named && !other->named) {
		return error_set(err, ERROR_USAGE, "two secrets without a label: name them LABEL=FILE");
	}
	return error_set(err, ERROR_USAGE, "two secrets have the label \"%.*s\"", (int)one->label.len,
		one->label.data);
}

/* The relay keeps one secret under a label: of two, the first would be gone without a word. */
static bool labels_differ(const struct arguments *arguments, struct error *err) {
	struct given_secret secrets[ARGUMENTS_GIVEN_MAX + 1];
	size_t count = 0;
	const char *given;
	while ((given = arguments_nth(arguments, "secret-file", count))) {
		secrets[count++] = read_given(arguments, given);
	}
	if (arguments_has(arguments, "secret-from")) {
		secrets[count++] = read_given(arguments, "");
	}
	for (size_t i = 1; i < count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (span_equal(secrets[i].label, secrets[j].label)) {
				return refuse_twin(&secrets[j], &secrets[i], err);
			}
		}
	}
	return true;
}

static bool append_secret(
	struct buffer *out, const struct arguments *arguments, const char *given, struct error *err) {
	struct given_secret secret = read_given(arguments, given);
	struct buffer value = {0};
	bool ok = secret_read(&value, secret.path, err);
	if (ok) {
		buffer_append_byte(out, '{');
		json_member_text(out, "label", secret.label);
		json_member_bytes(out, "value", buffer_span(&value));
		buffer_append_byte(out, '}');
	}
	secret_clear(&value);
	return ok;
}

static void append_brought(struct buffer *out, const struct endpoint_command *command) {
	buffer_append_text(out, out->data[out->len - 1] == '[' ? "{" : ",{");
	json_member_text(
		out, "label", span_text(arguments_text(command->arguments, "label", "default")));
	json_member_bytes(out, "value", buffer_span(&command->brought));
	buffer_append_byte(out, '}');
}

static bool append_secrets(
	struct buffer *out, const struct endpoint_command *command, struct error *err) {
	const struct arguments *arguments = command->arguments;
	const char *given;
	bool any = arguments_has(arguments, "secret-file") ||
	           arguments_has(arguments, "remove-secret") || command->brought.len > 0;
	if (!any) {
		return true;
	}
	if (!labels_differ(arguments, err)) {
		return false;
	}
	/* so that no copy is left behind when the buffer grows */
	buffer_reserve(out, ARGUMENTS_GIVEN_MAX * 64 + 8 * SECRET_BYTES_MAX);
	json_member_name(out, "secrets");
	buffer_append_byte(out, '[');
	for (size_t nth = 0; (given = arguments_nth(arguments, "remove-secret", nth)); nth++) {
		buffer_append_text(out, out->data[out->len - 1] == '[' ? "{" : ",{");
		json_member_text(out, "label", span_text(given));
		json_member_bool(out, "remove", true);
		buffer_append_byte(out, '}');
	}
	for (size_t nth = 0; (given = arguments_nth(arguments, "secret-file", nth)); nth++) {
		buffer_append_text(out, out->data[out->len - 1] == '[' ? "" : ",");
		if (!append_secret(out, arguments, given, err)) {
			return false;
		}
	}
	if (command->brought.len > 0) {
		append_brought(out, command);
	}
	buffer_append_byte(out, ']');
	return true;
}

static bool append_parameters(
	struct buffer *out, const struct arguments *arguments, struct error *err) {
	const char *given;
	for (size_t nth = 0; (given = arguments_nth(arguments, "param", nth)); nth++) {
		const char *equals = strchr(given, '=');
		if (!equals || equals == given) {
			return error_set(err, ERROR_USAGE, "--param: expected NAME=VALUE, not \"%s\"", given);
		}
		if (nth == 0) {
			json_member_name(out, "parameters");
			buffer_append_byte(out, '{');
		} else {
			buffer_append_byte(out, ',');
		}
		json_append_text(out, (struct span){given, (size_t)(equals - given)});
		buffer_append_byte(out, ':');
		json_append_text(out, span_text(equals + 1));
	}
	buffer_append_text(out, arguments_has(arguments, "param") ? "}" : "");
	return true;
}

/* All of them at once: {"order":[".data.order.id","form:order"]} */
static bool append_keys(struct buffer *out, const struct arguments *arguments, struct error *err) {
	struct business_key keys[BUSINESS_KEYS_MAX];
	size_t count = 0;
	const char *given;
	bool none = arguments_has(arguments, "no-keys");
	for (size_t nth = 0; (given = arguments_nth(arguments, "key", nth)); nth++) {
		struct span place = span_text(given), name = span_cut(&place, '=');
		if (count == BUSINESS_KEYS_MAX) {
			return error_set(err, ERROR_USAGE, "--key: more than %d places", BUSINESS_KEYS_MAX);
		}
		if (!strchr(given, '=')) {
			return error_set(err, ERROR_USAGE, "--key: expected NAME=PLACE, not \"%s\"", given);
		}
		if (!business_key_read(&keys[count++], name, place, err)) {
			return error_prefix(err, "--key");
		}
	}
	if (none && count > 0) {
		return error_set(err, ERROR_USAGE, "--key or --no-keys, not both");
	}
	if (none || count > 0) {
		json_member_name(out, "keys");
		business_key_places_append_json(out, keys, count);
	}
	return true;
}

static bool append_change(
	struct buffer *out, const struct endpoint_command *command, struct error *err) {
	const struct arguments *arguments = command->arguments;
	const char *handshake = arguments_text(arguments, "handshake", NULL);
	const char *provider = arguments_text(arguments, "provider", NULL);
	const char *host = arguments_text(arguments, "host", NULL);
	bool reject = arguments_has(arguments, "reject-invalid");
	bool accept = arguments_has(arguments, "accept-invalid");
	if (reject && accept) {
		return error_set(err, ERROR_USAGE, "--reject-invalid or --accept-invalid, not both");
	}
	if (provider) {
		json_member_text(out, "provider", span_text(provider));
	}
	if (host) {
		json_member_text(out, "host", span_text(host));
	}
	if (handshake) {
		json_member_text(out, "handshake", span_text(handshake));
	}
	if (reject || accept) {
		json_member_bool(out, "reject_invalid", reject);
	}
	return append_parameters(out, arguments, err) && append_keys(out, arguments, err) &&
	       endpoint_answer_append(out, arguments, err) && append_secrets(out, command, err);
}

static bool build_request(struct endpoint_command *command, struct error *err) {
	struct buffer *out = &command->request;
	buffer_printf(out, "{\"type\":\"endpoint.%s\"", verbs[command->verb]);
	if (command->name) {
		json_member_text(out, "name", span_text(command->name));
	}
	const char *filter = arguments_text(command->arguments, "filter", NULL);
	if (command->verb == VERB_REVERIFY) {
		json_member_bool(out, "progress", true);
	}
	if (filter && command->verb != VERB_REVERIFY) {
		return error_set(err, ERROR_USAGE, "--filter belongs to reverify");
	}
	if (filter) {
		json_member_text(out, "filter", span_text(filter));
	}
	bool changes = command->verb == VERB_ADD || command->verb == VERB_SET;
	if (changes && !append_change(out, command, err)) {
		return false;
	}
	buffer_append_byte(out, '}');
	return true;
}

/* --- the answer --- */

static void append_member(
	struct buffer *out, const cJSON *object, const char *name, const char *none) {
	struct span value = {0};
	json_get_text_opt(object, name, &value, NULL);
	text_escape(out, value.len > 0 ? value : span_text(none), TEXT_LINE);
}

/* "stripe     stripe      1044  live (9f86d081), old (12ab34cd)" */
static void append_endpoint(struct buffer *out, const cJSON *endpoint) {
	struct buffer cell = {0};
	int64_t head = 0;
	json_get_int_opt(endpoint, "head", &head, NULL);
	append_member(&cell, endpoint, "name", "");
	buffer_printf(out, "%-20s ", buffer_text(&cell));
	buffer_reset(&cell);
	append_member(&cell, endpoint, "provider", "(by headers)");
	buffer_printf(out, "%-20s %10" PRId64 "  ", buffer_text(&cell), head);
	const cJSON *secrets = cJSON_GetObjectItemCaseSensitive(endpoint, "secrets"), *secret;
	const char *between = "";
	cJSON_ArrayForEach(secret, secrets) {
		buffer_append_text(out, between);
		append_member(out, secret, "label", "");
		buffer_append_text(out, " (");
		append_member(out, secret, "fingerprint", "");
		buffer_append_byte(out, ')');
		between = ", ";
	}
	buffer_append_text(out, *between ? "\n" : "no secret\n");
	endpoint_answer_append_line(out, endpoint);
	buffer_clear(&cell);
}

static void print_list(const struct endpoint_command *command, const cJSON *answer) {
	const cJSON *endpoint, *list = cJSON_GetObjectItemCaseSensitive(answer, "endpoints");
	struct buffer out = {0};
	bool json = arguments_has(command->arguments, "json");
	if (!json) {
		buffer_printf(&out, "%-20s %-20s %10s  %s\n", "ENDPOINT", "PROVIDER", "HEAD", "SECRETS");
	}
	cJSON_ArrayForEach(endpoint, list) {
		if (json) {
			json_append_parsed(&out, endpoint);
			buffer_append_byte(&out, '\n');
		} else {
			append_endpoint(&out, endpoint);
		}
	}
	print_out(&out);
	buffer_clear(&out);
}

/* Where the provider is to send to. */
static void append_url(
	struct buffer *out, const struct endpoint_command *command, const cJSON *answer) {
	const cJSON *endpoint = cJSON_GetObjectItemCaseSensitive(answer, "endpoint");
	struct span host = {0};
	struct buffer url = {0};
	json_get_text_opt(endpoint, "host", &host, NULL);
	endpoint_url_append(
		&url, span_text(command->session.ingest_url), span_text(command->name), host);
	text_escape(out, buffer_span(&url), TEXT_LINE);
	buffer_clear(&url);
}

static void print_change(const struct endpoint_command *command, const cJSON *answer) {
	struct buffer out = {0};
	int64_t events = 0, changed = 0;
	json_get_int_opt(answer, "events", &events, NULL);
	json_get_int_opt(answer, "changed", &changed, NULL);
	if (arguments_has(command->arguments, "json")) {
		json_append_parsed(&out, answer);
	} else if (command->verb == VERB_REMOVE) {
		text_escape(&out, span_text(command->name), TEXT_LINE);
		buffer_append_text(&out, " is removed");
	} else {
		buffer_append_text(&out, "webhooks for it go to ");
		append_url(&out, command, answer);
		if (events > 0) {
			buffer_printf(&out,
				"\n%" PRId64 " event%s judged again, %" PRId64 " with another verdict now", events,
				events == 1 ? "" : "s", changed);
		}
	}
	buffer_append_byte(&out, '\n');
	print_out(&out);
	buffer_clear(&out);
}

static void on_answer(void *data, const cJSON *answer, const struct error *err) {
	struct endpoint_command *command = data;
	if (err) {
		session_fail(&command->session, err);
		return;
	}
	if (command->verb == VERB_LIST) {
		print_list(command, answer);
	} else {
		print_change(command, answer);
	}
	session_stop(&command->session, 0);
}

/* --- the command --- */

static bool read_verb(struct endpoint_command *command, struct error *err) {
	const struct arguments *arguments = command->arguments;
	if (arguments->word_count == 0) {
		return error_set(err, ERROR_USAGE, "expected add, set, list, remove or reverify");
	}
	for (command->verb = 0; command->verb < VERB_COUNT; command->verb++) {
		if (strcmp(arguments->words[0], verbs[command->verb]) == 0) {
			break;
		}
	}
	if (command->verb == VERB_COUNT) {
		const char *nearest = text_nearest(arguments->words[0], verbs, VERB_COUNT);
		return error_set(err, ERROR_USAGE, "unknown \"%s\"%s%s%s", arguments->words[0],
			nearest ? ", did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
	}
	size_t wanted = command->verb == VERB_LIST ? 1 : 2;
	if (arguments->word_count != wanted) {
		return error_set(err, ERROR_USAGE, "endpoint %s: expected %s", verbs[command->verb],
			wanted == 1 ? "no name" : "one name");
	}
	command->name = wanted == 2 ? arguments->words[1] : NULL;
	if (command->name && !endpoint_name_is_valid(span_text(command->name))) {
		return error_set(err, ERROR_USAGE,
			"\"%s\" cannot be an endpoint: letters, digits, '-', '_', '.', at most 63",
			command->name);
	}
	return true;
}

static bool confirm(const struct endpoint_command *command, struct error *err) {
	char question[128];
	if (command->verb != VERB_REMOVE || arguments_has(command->arguments, "yes")) {
		return true;
	}
	snprintf(question, sizeof question, "remove endpoint %s", command->name);
	if (ask_yes(question, err)) {
		return true;
	}
	return err->code != ERROR_NONE ? false : error_set(err, ERROR_NO, "nothing was removed");
}

/* Words, for whoever waits at a terminal. */
static void on_progress(void *data, const cJSON *progress) {
	int64_t events = 0, changed = 0, at = 0, until = 0;
	(void)data;
	if (json_get_int(progress, "events", &events, NULL) &&
		json_get_int(progress, "changed", &changed, NULL) &&
		json_get_int(progress, "at", &at, NULL) && json_get_int(progress, "until", &until, NULL) &&
		until > 0) {
		fprintf(stderr, "%" PRId64 " %%: %" PRId64 " judged again, %" PRId64 " changed\n",
			at * 100 / until, events, changed);
	}
}

static void ask(struct endpoint_command *command) {
	client_ask_long(
		command->session.client, buffer_span(&command->request), on_progress, on_answer, command);
}

/* The event has told its secret: now the request can be made. */
static void on_brought(void *data, const struct error *err) {
	struct endpoint_command *command = data;
	struct error failure = {0};
	buffer_reset(&command->request);
	if (err) {
		session_fail(&command->session, err);
	} else if (!build_request(command, &failure)) {
		session_fail(&command->session, &failure);
	} else {
		ask(command);
	}
}

static void begin(struct endpoint_command *command, const struct event_ref *from) {
	if (!from->endpoint.data && !from->by_id) {
		ask(command);
		return;
	}
	command->from = (struct secret_from){.client = command->session.client,
		.secret = &command->brought,
		.done = on_brought,
		.data = command};
	buffer_reserve(
		&command->brought, SECRET_BYTES_MAX); /* never moves, so no copy is left behind */
	secret_from_event(&command->from, from);
}

static bool read_from(
	const struct endpoint_command *command, struct event_ref *from, struct error *err) {
	const char *given = arguments_text(command->arguments, "secret-from", NULL);
	bool changes = command->verb == VERB_ADD || command->verb == VERB_SET;
	return !given || !changes || event_ref_parse(from, span_text(given), err);
}

static int run(const struct arguments *arguments, struct error *err) {
	struct endpoint_command command = {.arguments = arguments};
	struct event_ref from = {0};
	int code = 2;
	if (!read_verb(&command, err) || !read_from(&command, &from, err) ||
		!build_request(&command, err) || !confirm(&command, err)) {
		secret_clear(&command.request);
		return code;
	}
	if (session_open(&command.session, arguments, false, false, err)) {
		begin(&command, &from);
		code = session_run(&command.session, err);
	} else {
		code = command.session.exit_code;
	}
	session_close(&command.session);
	secret_clear(&command.request);
	secret_clear(&command.brought);
	return code;
}

static const struct option_row options[] = {
	{"provider", 0, "NAME", "who sends: stripe, github, ...; empty: recognised by headers"},
	{"secret-file", 0, "[LABEL=]F", "a secret to judge with; - is standard input; repeatable"},
	{"secret-from", 0, "REF", "the secret that a handshake brought (Asana, Notion)"},
	{"label", 0, "LABEL", "for the one secret given without a label (default)"},
	{"remove-secret", 0, "LABEL", "take a secret away; repeatable"},
	{"param", 0, "NAME=VALUE", "a setting of the provider; repeatable, all of them at once"},
	{"key", 0, "NAME=PLACE", "where people's keys stand: order=.data.id; repeatable, all at once"},
	{"no-keys", 0, NULL, "none but those of its provider"},
	{"host", 0, "NAME", "a host name of its own: stripe.hooks.example.com"},
	{"reject-invalid", 0, NULL, "answer 401 to what is not rightly signed (kept all the same)"},
	{"accept-invalid", 0, NULL, "answer 200 to it"},
	{"handshake", 0, "answer|store|app|confirm",
		"answer handshakes, keep them only, leave them to the app"},
	ENDPOINT_ANSWER_OPTIONS,
	{"filter", 0, "FILTER", "reverify: only events that match"},
	{"json", 0, NULL, "the relay's answer as JSON"},
	{"yes", 'y', NULL, "remove without asking"},
	{NULL},
};

static const char *const examples[] = {
	"hookline endpoint add shop --provider stripe --secret-file live=stripe.key",
	"hookline endpoint set shop --secret-file new=new.key --remove-secret live",
	"hookline endpoint set shop --answer-script \"next 3: 500, every 3: 429 retry-after 5s\"",
	"hookline endpoint set shop --key order=.data.order.id --key ticket=form:ticket_id",
	NULL,
};

const struct command command_endpoint = {
	.name = "endpoint",
	.summary = "what webhooks belong to, and the secrets they are judged with",
	.usage = "add|set NAME [--provider P] [--secret-file [LABEL=]F]...\nlist\nremove "
			 "NAME\nreverify NAME [--filter FILTER]",
	.examples = examples,
	.options = options,
	.uses_relay = true,
	.run = run,
};
