/* hookline send: a sample webhook of a provider, rightly signed, to the relay or to an app. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/header_lines.h"
#include "common/json.h"
#include "common/sample.h"
#include "common/signature/private_key.h"
#include "common/signature/sign_anew.h"
#include "common/text.h"
#include "common/words.h"
#include "tui/anew.h"
#include "tui/commands/commands.h"
#include "tui/commands/deliver_flags.h"
#include "tui/commands/input.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"
#include "tui/commands/signing.h"
#include "tui/commands/test_key.h"
#include "tui/edit/draft.h"
#include "tui/maker.h"
#include "tui/send_endpoint.h"

/* Largest body that is read from a file; the relay has a limit of its own. */
#define BODY_MAX ((size_t)64 << 20)

struct send {
	const struct arguments *arguments;
	struct line_style style;
	bool json, prints, keeps;
	const char *to; /* NULL: the relay's port for webhooks */

	struct signing_input keys;
	const struct provider *provider;
	const char *type; /* of the sample, or as named; NULL: none */
	struct buffer headers, body;
	struct sample_request request;
	enum { SIGN_NOT, SIGN_HERE, SIGN_AT_RELAY } signing;
	struct buffer how;

	struct session session; /* used with a relay */
	bool has_session;
	uv_loop_t loop; /* without one */
	char endpoint[ENDPOINT_NAME_LEN + 1];
	struct deliver_options options;
	struct target target;
	struct deliver *deliver;
	struct maker *maker;
	struct buffer line;
	int code; /* and `err`, of a run without a relay */
	struct error err;
};

static void end(struct send *send, int code) {
	send->code = code;
	if (send->has_session) {
		session_stop(&send->session, code);
	}
}

static void fail(struct send *send, const struct error *err) {
	send->err = *err;
	send->code = error_exit_code(err);
	if (send->has_session) {
		session_fail(&send->session, err);
	}
}

/* --- what is told --- */

/* "shop#3", from an answer of a relay of ours; empty: it was another app. */
static struct span kept_as(const struct delivery *delivery) {
	struct span line = header_lines_find(delivery->answer_head, span_text("X-Hookline-Event"));
	return line.data ? header_line_value(line) : (struct span){0};
}

static void tell_json(struct send *send, const struct delivery *delivery) {
	const struct attempt *attempt = &delivery->attempt;
	struct buffer *line = &send->line;
	buffer_append_byte(line, '{');
	json_member_text(line, "provider", span_text(send->provider->name));
	json_member_text_opt(line, "type", span_text(send->type));
	json_member_bytes(line, "target_url", attempt->target);
	json_member_int(line, "status", attempt->status);
	json_member_int(line, "took_us", attempt->took_us);
	json_member_text_opt(line, "error", attempt->error);
	json_member_text_opt(line, "event", kept_as(delivery));
	json_member_text(line, "signature", buffer_span(&send->how));
	buffer_append_text(line, "}\n");
}

static void tell_line(struct send *send, const struct delivery *delivery) {
	const struct attempt *attempt = &delivery->attempt;
	struct span event = kept_as(delivery);
	struct buffer text = {0};
	buffer_printf(&text, "%s %s -> ", send->provider->name, send->type ? send->type : "event");
	if (attempt->status > 0) {
		buffer_printf(&text, "%" PRId64 "  ", attempt->status);
	}
	words_append_took(&text, attempt->took_us);
	if (attempt->error.len > 0) {
		buffer_append_text(&text, "  ");
		buffer_append_span(&text, attempt->error);
	}
	if (event.len > 0) {
		buffer_append_text(&text, "  kept as ");
		buffer_append_span(&text, event);
	}
	text_escape(&send->line, buffer_span(&text), send->style.flags);
	buffer_append_byte(&send->line, '\n');
	buffer_clear(&text);
}

static int outcome(const struct attempt *attempt, bool connected) {
	if (!connected) {
		return 6;
	}
	return attempt->error.len == 0 && attempt->status >= 200 && attempt->status < 300 ? 0 : 1;
}

static void tell_how(struct send *send) {
	if (send->how.len > 0 && !send->json) {
		fprintf(stderr, "%s\n", buffer_text(&send->how));
	}
}

/* --- sent --- */

static void on_delivered(void *data, const struct delivery *delivery) {
	struct send *send = data;
	(send->json ? tell_json : tell_line)(send, delivery);
	print_out(&send->line);
	if (!send->keeps) {
		end(send, outcome(&delivery->attempt, delivery->connected));
	} else {
		send->code = outcome(&delivery->attempt, delivery->connected);
	}
}

static void on_kept(void *data, const struct made *made) {
	struct send *send = data;
	buffer_reset(&send->how);
	buffer_append_text(&send->how, made->how);
	tell_how(send);
	if (send->json) {
		event_append_json(&send->line, made->event);
		buffer_append_byte(&send->line, '\n');
	} else {
		line_event(&send->line, made->event, &send->style);
	}
	print_out(&send->line);
}

static void on_made(void *data, const struct made *made, const struct error *err) {
	struct send *send = data;
	(void)made;
	if (err) {
		fail(send, err);
	} else {
		end(send, send->code);
	}
}

/* The request says where it goes; nothing is joined to that. */
static int64_t target_len(const struct send *send) {
	struct span head = buffer_span(&send->request.head);
	span_cut(&head, ' ');
	return (int64_t)span_cut(&head, ' ').len;
}

static void send_it(struct send *send) {
	const struct event event = {.path_offset = target_len(send)};
	if (send->prints) {
		buffer_append_span(&send->line, buffer_span(&send->request.head));
		buffer_append_span(&send->line, buffer_span(&send->request.body));
		print_out(&send->line);
		end(send, 0);
		return;
	}
	tell_how(send);
	deliver_send(send->deliver, &send->target, &event, buffer_span(&send->request.head),
		buffer_span(&send->request.body), CAUSE_TEST, on_delivered, send);
}

static void make_it(struct send *send) {
	const struct maker_order order = {.endpoint = span_text(send->endpoint),
		.provider = span_text(send->provider->name),
		.head = buffer_span(&send->request.head),
		.body = buffer_span(&send->request.body),
		.path_offset = target_len(send),
		.origin = ORIGIN_SENT,
		.as_it_is = send->signing != SIGN_AT_RELAY,
		.target = &send->target,
		.cause = CAUSE_TEST};
	maker_make(send->maker, &order);
}

/* --- signed --- */

static void on_anew(void *data, const struct anew *anew, const struct error *err) {
	struct send *send = data;
	struct message message = {0};
	struct buffer head = {0};
	struct error why = {0};
	if (err) {
		fail(send, err);
		return;
	}
	if (anew->lines.len == 0) {
		error_set(&why, ERROR_NO,
			"%.*s; --secret-file FILE signs here, --unsigned sends it as it is", (int)anew->how.len,
			anew->how.data);
		fail(send, &why);
		return;
	}
	buffer_append_span(&send->how, buffer_span(&anew->how));
	if (message_parse(&message, buffer_span(&send->request.head), (struct span){0}, &why)) {
		sign_anew_head(&head, &message, buffer_span(&anew->lines));
		buffer_clear(&send->request.head);
		send->request.head = head;
		send_it(send);
	} else {
		fail(send, &why);
	}
	message_clear(&message);
}

static void sign_at_relay(struct send *send) {
	const struct anew_draft draft = {.endpoint = span_text(send->endpoint),
		.provider = span_text(send->provider->name),
		.head = buffer_span(&send->request.head),
		.body = buffer_span(&send->request.body)};
	anew_ask_draft(send->session.client, &draft, on_anew, send);
}

static void make_id(struct buffer *id, const struct sample_fill *fill) {
	static const struct sample sample = {"", "", "", "msg_{{id 24}}", false};
	struct buffer none = {0};
	sample_make(&sample, fill, &none, id);
	buffer_clear(&none);
}

static bool open_test_key(struct send *send, struct private_key **key, struct error *err) {
	struct buffer path = {0};
	if (!arguments_has(send->arguments, "test-key")) {
		return true;
	}
	*key = test_key_open(send->keys.keyring, NULL, err);
	bool ok = *key && test_key_write_public(send->keys.keyring, *key, &path, err);
	if (ok) {
		buffer_printf(
			&send->how, "signed with a test key; give the receiver %s", buffer_text(&path));
	}
	buffer_clear(&path);
	return ok;
}

static bool sign_here(struct send *send, const struct sample_fill *fill, struct error *err) {
	struct private_key *key = NULL;
	struct buffer id = {0};
	make_id(&id, fill);
	struct sign_options options = {.now_ms = fill->now_ms, .made_id = buffer_span(&id)};
	bool ok = open_test_key(send, &key, err);
	options.private_key = key;
	ok = ok && sample_request_sign(&send->request, send->keys.keyring, &options, err);
	if (ok && !key) {
		buffer_printf(&send->how, "signed with secret %s", keyring_label(send->keys.keyring, 0));
	}
	private_key_free(key);
	buffer_clear(&id);
	return ok;
}

/* --- put together --- */

static bool read_fill(const struct send *send, struct sample_fill *fill, struct error *err) {
	int64_t seed = 0;
	*fill = (struct sample_fill){.now_ms = send->keys.now_ms};
	if (!arguments_has(send->arguments, "seed")) {
		uv_random(NULL, NULL, &fill->seed, sizeof fill->seed, 0, NULL);
		return true;
	}
	bool ok = arguments_int(send->arguments, "seed", 0, INT64_MAX, &seed, err);
	fill->seed = (uint64_t)seed;
	return ok;
}

static bool read_body(struct send *send, struct error *err) {
	const char *file = arguments_text(send->arguments, "body", NULL);
	buffer_reset(&send->body);
	return input_read(file, BODY_MAX, &send->body, err);
}

static bool make_content(struct send *send, const struct sample *sample,
	const struct sample_fill *fill, struct error *err) {
	if (sample) {
		sample_make(sample, fill, &send->headers, &send->body);
	} else {
		buffer_append_text(&send->headers, "Content-Type: application/json\r\n");
	}
	return !arguments_has(send->arguments, "body") || read_body(send, err);
}

/* Header lines that somebody wants, in the place of the sample's. */
static bool change_headers(struct send *send, struct error *err) {
	struct draft draft = {0};
	const char *given;
	bool ok = true;
	draft_set(&draft, buffer_span(&send->request.head), buffer_span(&send->request.body));
	for (size_t n = 0; ok && (given = arguments_nth(send->arguments, "header", n)); n++) {
		ok = draft_set_header(&draft, span_text(given), err) || error_prefix(err, "--header");
	}
	ok = ok && draft_finish(&draft, err);
	buffer_reset(&send->request.head);
	buffer_append_span(&send->request.head, buffer_span(&draft.head));
	draft_clear(&draft);
	return ok;
}

static bool build(struct send *send, struct error *err) {
	struct buffer path = {0};
	target_join(&path, &send->target, TARGET_PATH_JOINED, (struct span){"", 0});
	sample_request_set(&send->request, buffer_text(&path), send->target.authority,
		buffer_span(&send->headers), buffer_span(&send->body));
	buffer_clear(&path);
	return change_headers(send, err);
}

/* The target is known: puts it together, and off it goes. */
static bool go(struct send *send, const struct sample_fill *fill, struct error *err) {
	if (!build(send, err) || (send->signing == SIGN_HERE && !sign_here(send, fill, err))) {
		return false;
	}
	if (send->signing == SIGN_NOT) {
		buffer_append_text(&send->how, send->provider->recipe_count == 0
										   ? "not signed: this provider signs nothing"
										   : "not signed");
	}
	if (send->keeps && !send->prints) {
		make_it(send);
	} else if (send->signing == SIGN_AT_RELAY) {
		sign_at_relay(send);
	} else {
		send_it(send);
	}
	return true;
}

/* --- with a relay --- */

struct asked {
	struct send *send;
	struct sample_fill fill;
};

static bool take_endpoint(struct asked *asked, const struct cJSON *answer, struct error *err) {
	struct send *send = asked->send;
	const char *wanted = arguments_text(send->arguments, "endpoint", NULL);
	struct buffer url = {0};
	if (!send_endpoint_choose(send->endpoint, answer, send->provider->name, wanted, err)) {
		return false;
	}
	buffer_printf(&url, "%s/e/%s", send->session.ingest_url, send->endpoint);
	bool ok = send->to || target_parse(&send->target, buffer_text(&url), true, err);
	buffer_clear(&url);
	return ok && go(send, &asked->fill, err);
}

static void on_endpoints(void *data, const struct cJSON *answer, const struct error *err) {
	struct asked *asked = data;
	struct error why = {0};
	if (err) {
		fail(asked->send, err);
	} else if (!take_endpoint(asked, answer, &why)) {
		fail(asked->send, &why);
	}
}

static int run_with_relay(struct send *send, const struct sample_fill *fill, struct error *err) {
	static const struct maker_events events = {on_kept, on_delivered, on_made};
	struct asked asked = {send, *fill};
	int code;
	send->has_session = true;
	send->options.anywhere = send->options.anywhere || !send->to;
	if (session_open(&send->session, send->arguments, false, false, err) &&
		(send->deliver = deliver_new(&send->session.loop, &send->options, err)) &&
		(send->maker = maker_new(
			 &send->session.loop, send->session.client, &send->options, &events, send, err))) {
		client_ask(
			send->session.client, span_text("{\"type\":\"endpoint.list\"}"), on_endpoints, &asked);
		code = session_run(&send->session, err);
	} else {
		code = send->session.exit_code;
	}
	maker_free(send->maker);
	deliver_free(send->deliver);
	session_close(&send->session);
	return code;
}

static int run_alone(struct send *send, const struct sample_fill *fill, struct error *err) {
	uv_loop_init(&send->loop);
	send->deliver = deliver_new(&send->loop, &send->options, err);
	bool ok = send->deliver && go(send, fill, err);
	while (ok && deliver_pending(send->deliver) > 0) {
		uv_run(&send->loop, UV_RUN_ONCE);
	}
	deliver_free(send->deliver);
	uv_run(&send->loop, UV_RUN_DEFAULT);
	uv_loop_close(&send->loop);
	return ok ? send->code : 1;
}

/* --- the command --- */

static bool choose_signing(struct send *send, struct error *err) {
	bool keys =
		arguments_has(send->arguments, "secret-file") || arguments_has(send->arguments, "test-key");
	bool unsigned_one = arguments_has(send->arguments, "unsigned");
	if (keys && unsigned_one) {
		return error_set(err, ERROR_USAGE, "--unsigned and a secret exclude each other");
	}
	send->signing = unsigned_one || send->provider->recipe_count == 0 ? SIGN_NOT
	                : keys                                            ? SIGN_HERE
	                                                                  : SIGN_AT_RELAY;
	return true;
}

static const struct sample *choose_sample(struct send *send, struct error *err) {
	const struct arguments *arguments = send->arguments;
	const char *type = arguments->word_count > 1 ? arguments->words[1] : NULL;
	const struct sample *sample = sample_find(send->provider->name, type, err);
	send->type = sample ? sample->type : type;
	return sample;
}

/* What is given for the keys is for signing here; a receiver that signs the URL is told its own. */
static bool read_keys(struct send *send, struct error *err) {
	send->keys.default_url = arguments_has(send->arguments, "to") ? send->target.url : NULL;
	return signing_read_keys(&send->keys, send->provider, send->arguments, err);
}

static bool check(struct send *send, struct error *err) {
	const struct arguments *arguments = send->arguments;
	send->keys.catalogue = signing_catalogue();
	if (arguments->word_count < 1 || arguments->word_count > 2) {
		return error_set(err, ERROR_USAGE,
			"expected a provider and a type, such as stripe charge.succeeded; --list tells which");
	}
	send->provider = catalogue_find(send->keys.catalogue, arguments->words[0], err);
	if (!send->provider || !choose_signing(send, err)) {
		return false;
	}
	if (send->keeps && !send->to) {
		return error_set(err, ERROR_USAGE,
			"the relay keeps what comes to its port anyway: --keep is for --to URL");
	}
	if (!send->to && send->prints && send->signing != SIGN_AT_RELAY) {
		send->to = "http://localhost"; /* it goes nowhere, and nobody has to be asked */
	}
	send->options.concurrency = 1;
	return deliver_options_read(&send->options, arguments, send->session.who, err) &&
	       (!send->to || target_parse(&send->target, send->to, send->options.anywhere, err)) &&
	       read_keys(send, err);
}

static int run_checked(struct send *send, struct error *err) {
	struct error none = {0};
	const struct sample *sample = choose_sample(send, &none);
	struct sample_fill fill;
	if (!sample && !arguments_has(send->arguments, "body")) {
		*err = none;
		return 1;
	}
	if (!read_fill(send, &fill, err) || !make_content(send, sample, &fill, err)) {
		return 2;
	}
	bool needs_relay = !send->to || send->keeps || send->signing == SIGN_AT_RELAY;
	return needs_relay ? run_with_relay(send, &fill, err) : run_alone(send, &fill, err);
}

static int list(const struct arguments *arguments, struct error *err) {
	const char *only = arguments->word_count > 0 ? arguments->words[0] : NULL;
	struct buffer line = {0};
	bool json = arguments_has(arguments, "json");
	if (only && !sample_find(only, NULL, err)) {
		return 1;
	}
	for (size_t i = 0; i < samples_builtin_count; i++) {
		const struct sample *sample = &samples_builtin[i];
		if (only && strcmp(only, sample->provider) != 0) {
			continue;
		}
		if (json) {
			buffer_append_byte(&line, '{');
			json_member_text(&line, "provider", span_text(sample->provider));
			json_member_text(&line, "type", span_text(sample->type));
			buffer_append_text(&line, "}\n");
		} else {
			buffer_printf(&line, "%-18s %s\n", sample->provider, sample->type);
		}
	}
	print_out(&line);
	buffer_clear(&line);
	return 0;
}

static int run(const struct arguments *arguments, struct error *err) {
	if (arguments_has(arguments, "list")) {
		return list(arguments, err);
	}
	struct send send = {.arguments = arguments,
		.style = line_style_of(stdout),
		.json = arguments_has(arguments, "json"),
		.prints = arguments_has(arguments, "print"),
		.keeps = arguments_has(arguments, "keep"),
		.to = arguments_text(arguments, "to", NULL)};
	int code = check(&send, err) ? run_checked(&send, err) : 2;
	signing_clear(&send.keys);
	target_clear(&send.target);
	sample_request_clear(&send.request);
	buffer_clear(&send.headers);
	buffer_clear(&send.body);
	buffer_clear(&send.how);
	buffer_clear(&send.line);
	return code;
}

static const struct option_row options_table[] = {
	{"list", 'l', NULL, "the samples there are, of all providers or of one"},
	{"to", 0, "URL", "the app, or any URL (the relay's endpoint for that provider)"},
	{"secret-file", 's', "[LABEL=]FILE", "sign with it; without one the relay signs with its own"},
	{"test-key", 0, NULL, "sign with a key pair of your own (see hookline sign)"},
	{"unsigned", 0, NULL, "send it without a signature"},
	{"body", 0, "FILE", "another body (-: standard input)"},
	{"header", 0, "LINE", "\"Name: value\": in the place of that header, or a new one"},
	{"param", 0, "NAME=VALUE", "a setting of the provider, such as header=X-Key"},
	{"url", 0, "URL", "the URL that is signed, where one is (that of --to)"},
	{"at", 0, "TIME", "the moment: Unix seconds or RFC 3339 (now)"},
	{"seed", 0, "N", "the same ids again"},
	{"endpoint", 0, "NAME", "this one of the relay"},
	{"keep", 0, NULL, "with --to: the relay keeps it as an event, with what the app answered"},
	{"print", 0, NULL, "write the request instead of sending it"},
	{"json", 0, NULL, "one JSON object a line"},
	{NULL},
};

static const char *const examples[] = {
	"hookline send stripe charge.succeeded --secret-file key.txt --to localhost:3000/hooks",
	"hookline send dropspace launch.published        # to the relay, signed with its secret",
	"hookline send --list github",
	NULL,
};

const struct command command_send = {
	.name = "send",
	.summary = "send a sample webhook of a provider, rightly signed",
	.usage =
		"PROVIDER [TYPE] [--to URL] [--secret-file [LABEL=]FILE] [--body FILE]\n--list [PROVIDER]",
	.examples = examples,
	.options = options_table,
	.delivers = true,
	.uses_relay = true,
	.changes = true,
	.run = run,
};
