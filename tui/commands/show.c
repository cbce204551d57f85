/* hookline show: everything that is known of one event. */
#include <inttypes.h>
#include <unistd.h>

#include "common/event_words.h"
#include "common/json.h"
#include "common/message.h"
#include "common/moment.h"
#include "common/text.h"
#include "tui/commands/body_view.h"
#include "tui/commands/commands.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"
#include "tui/curl_line.h"
#include "tui/deliver/target.h"

/* Of a body in the human view; --body has all of it. */
#define BODY_SHOWN (256 * 1024)
#define ANSWER_SHOWN 4096

enum form { FORM_VIEW, FORM_RAW, FORM_HEAD, FORM_BODY, FORM_JSON, FORM_CURL };

struct show {
	struct session session;
	struct line_style style;
	enum form form;
	struct target target; /* of --curl, when --to names one */
	struct buffer text, attempts;
};

static void append_escaped(struct show *show, struct span text) {
	text_escape(&show->text, text, show->style.flags);
}

/* "verdict    valid: signature v1 matches" */
static void append_fact(struct show *show, const char *name, struct span value) {
	if (value.len > 0) {
		struct buffer label = {0};
		buffer_printf(&label, "%-10s", name);
		line_append_coloured(&show->text, &show->style, 'd', buffer_span(&label));
		append_escaped(show, value);
		buffer_append_byte(&show->text, '\n');
		buffer_clear(&label);
	}
}

static void append_verdict(struct show *show, const struct event *event) {
	line_append_coloured(&show->text, &show->style, 'd', span_text("verdict   "));
	line_append_coloured(&show->text, &show->style, line_colour_of_verdict(event->verdict),
		span_text(verdict_name(event->verdict)));
	buffer_append_text(&show->text, event->reason.len > 0 ? ": " : "");
	append_escaped(show, event->reason);
	buffer_append_byte(&show->text, '\n');
}

/* Nothing for an event that nobody sent. */
static void append_answered(struct buffer *out, const struct event *event) {
	if (event->answer_status > 0) {
		buffer_printf(out, "%" PRId64 " ", event->answer_status);
	}
	if (event->answer_status > 0 || event->answer_by != ANSWERED_BY_UNKNOWN) {
		event_append_answered(out, event);
	}
}

static void append_facts(struct show *show, const struct event *event) {
	struct buffer value = {0};
	event_append_ref(&value, event->endpoint, event->seq);
	line_append_coloured(&show->text, &show->style, 'b', buffer_span(&value));
	char id[UUID_TEXT_LEN + 1];
	uuid_format(&event->id, id);
	buffer_printf(&show->text, "  %s\n", id);
	buffer_reset(&value);
	moment_append(&value, event->received_at_ns);
	append_fact(show, "received", buffer_span(&value));
	append_fact(show, event->origin == ORIGIN_RECEIVED ? "from" : "by", event->peer);
	buffer_reset(&value);
	event_append_badge(&value, event);
	append_fact(show, "made", buffer_span(&value));
	append_fact(show, "provider", event->provider);
	append_fact(show, "type", event->type);
	append_fact(show, "id", event->provider_id);
	append_verdict(show, event);
	append_fact(show, "secret", event->secret);
	append_fact(show, "recipe", event->recipe);
	buffer_reset(&value);
	append_answered(&value, event);
	append_fact(show, "answered", buffer_span(&value));
	append_fact(show, "handshake", event->handshake);
	buffer_reset(&value);
	event_append_annotation(&value, event, true);
	append_fact(show, "marked", buffer_span(&value));
	if (event->repeat > 1) {
		buffer_reset(&value);
		buffer_printf(&value, "delivery %" PRId64 " of this id", event->repeat);
		append_fact(show, "repeat", buffer_span(&value));
	}
	buffer_clear(&value);
}

/* The head line by line, so that nothing in it can look like our own. */
static void append_head(struct show *show, struct span head, const char *indent) {
	while (head.len > 0) {
		struct span line = span_cut(&head, '\n');
		if (line.len > 0 && line.data[line.len - 1] == '\r') {
			line.len--;
		}
		if (line.len > 0) {
			buffer_append_text(&show->text, indent);
			append_escaped(show, line);
			buffer_append_byte(&show->text, '\n');
		}
	}
}

static void append_body(struct show *show, struct span body, const char *indent, size_t most) {
	body_view_append(&show->text, body, indent, show->style.flags, most);
}

static void view_event(
	struct show *show, const struct event *event, const struct client_bytes *bytes) {
	append_facts(show, event);
	buffer_append_byte(&show->text, '\n');
	append_head(show, bytes->head, "  ");
	if (bytes->body.len > 0) {
		buffer_append_byte(&show->text, '\n');
		append_body(show, bytes->body, "  ", BODY_SHOWN);
	}
	if (bytes->trailers.len > 0) {
		buffer_append_text(&show->text, "\n  trailers:\n");
		append_head(show, bytes->trailers, "  ");
	}
	if (event->answer.len > 0) {
		buffer_append_text(&show->text, "\n  the relay answered:\n");
		append_head(show, event->answer, "    ");
	}
}

static void json_event(
	struct show *show, const struct event *event, const struct client_bytes *bytes) {
	buffer_append_byte(&show->text, '{');
	event_append_json_members(&show->text, event);
	json_member_headers(&show->text, bytes->head);
	json_member_bytes_of(&show->text, bytes);
}

static bool append_url(struct show *show, struct buffer *url, const struct event *event,
	struct span request_target, struct error *err) {
	if (!show->target.url) {
		return curl_line_url(url, event, request_target, show->session.ingest_url, err);
	}
	buffer_append_text(url, show->target.base);
	target_join(url, &show->target, TARGET_PATH_JOINED,
		span_after(request_target, (size_t)event->path_offset));
	return true;
}

static void curl_event(
	struct show *show, const struct event *event, const struct client_bytes *bytes) {
	struct message message = {0};
	struct buffer url = {0};
	struct error err = {0};
	if (message_parse(&message, bytes->head, bytes->body, &err) &&
		append_url(show, &url, event, message.target, &err)) {
		curl_line_append(&show->text, &message, buffer_span(&url));
	} else {
		session_fail(&show->session, &err);
	}
	buffer_clear(&url);
	message_clear(&message);
}

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct show *show = data;
	switch (show->form) {
	case FORM_VIEW:
		view_event(show, event, bytes);
		break;
	case FORM_RAW:
	case FORM_HEAD:
		buffer_append_span(&show->text, bytes->head);
		break;
	case FORM_BODY:
		break;
	case FORM_JSON:
		json_event(show, event, bytes);
		break;
	case FORM_CURL:
		curl_event(show, event, bytes);
		break;
	}
	if (show->form == FORM_RAW || show->form == FORM_BODY) {
		buffer_append_span(&show->text, bytes->body);
	}
	if (show->form != FORM_JSON) { /* of which the attempts are a member */
		print_out(&show->text);
	}
}

static void view_attempt(
	struct show *show, const struct attempt *attempt, const struct client_bytes *bytes) {
	buffer_append_byte(&show->text, '\n');
	line_attempt(&show->text, attempt, "", &show->style);
	append_fact(show, "  sent to", attempt->target);
	append_fact(show, "  changed", attempt->changes);
	append_head(show, bytes->head, "    ");
	if (bytes->body.len > 0) {
		buffer_append_byte(&show->text, '\n');
		append_body(show, bytes->body, "    ", ANSWER_SHOWN);
	}
	if (attempt->answer_body_total > attempt->answer_body_len) {
		buffer_printf(&show->text, "    ... %" PRId64 " of %" PRId64 " bytes were kept\n",
			attempt->answer_body_len, attempt->answer_body_total);
	}
}

static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct show *show = data;
	if (show->form == FORM_JSON) {
		buffer_append_text(&show->attempts, show->attempts.len > 0 ? ",{" : "{");
		attempt_append_json_members(&show->attempts, attempt);
		json_member_bytes_of(&show->attempts, bytes);
		buffer_append_byte(&show->attempts, '}');
	} else if (show->form == FORM_VIEW) {
		view_attempt(show, attempt, bytes);
		print_out(&show->text);
	}
}

static void on_done(void *data, const struct error *err) {
	struct show *show = data;
	if (err) {
		session_fail(&show->session, err);
		return;
	}
	if (show->form == FORM_JSON) {
		/* the members before it are written already */
		buffer_append_text(&show->text, ",\"attempt_log\":[");
		buffer_append_span(&show->text, buffer_span(&show->attempts));
		buffer_append_text(&show->text, "]}\n");
		print_out(&show->text);
	}
	session_stop(&show->session, 0);
}

static bool choose_form(enum form *form, const struct arguments *arguments, struct error *err) {
	static const char *const names[] = {"", "raw", "head", "body", "json", "curl"};
	int count = 0;
	for (size_t i = 1; i < sizeof names / sizeof *names; i++) {
		if (arguments_has(arguments, names[i])) {
			*form = (enum form)i;
			count++;
		}
	}
	if (count > 1) {
		return error_set(err, ERROR_USAGE, "only one of --raw, --head, --body, --json, --curl");
	}
	bool raw = *form == FORM_RAW || *form == FORM_HEAD || *form == FORM_BODY || *form == FORM_CURL;
	if (raw && isatty(STDOUT_FILENO) && !arguments_has(arguments, "force")) {
		return error_set(err, ERROR_USAGE,
			"foreign bytes could take over the terminal: send them into a pipe or file, or use "
			"--force");
	}
	return true;
}

/* Where the curl line sends to; without --to the event says so. */
static bool choose_target(struct show *show, const struct arguments *arguments, struct error *err) {
	const char *to = arguments_text(arguments, "to", NULL);
	return show->form != FORM_CURL || !to || target_parse(&show->target, to, true, err);
}

static int run(const struct arguments *arguments, struct error *err) {
	struct show show = {.style = line_style_of(stdout)};
	struct event_ref ref;
	int code = 2;
	if (arguments->word_count != 1) {
		error_set(err, ERROR_USAGE, "expected one event, such as stripe#1042");
		return code;
	}
	if (!event_ref_parse(&ref, span_text(arguments->words[0]), err) ||
		!choose_form(&show.form, arguments, err)) {
		return code;
	}
	if (session_open(&show.session, arguments, false, false, err) &&
		choose_target(&show, arguments, err)) {
		struct client_receiver receiver = {
			.event = on_event, .attempt = on_attempt, .done = on_done, .data = &show};
		client_get(show.session.client, &ref, &receiver);
		code = session_run(&show.session, err);
	} else {
		code = show.session.exit_code;
	}
	session_close(&show.session);
	target_clear(&show.target);
	buffer_clear(&show.text);
	buffer_clear(&show.attempts);
	return code;
}

static const struct option_row options[] = {
	{"raw", 0, NULL, "head and body exactly as received"},
	{"head", 0, NULL, "the head alone, exactly as received"},
	{"body", 0, NULL, "the body alone, exactly as received"},
	{"json", 0, NULL, "one JSON object, with head_b64, body_b64 and attempt_log"},
	{"curl", 0, NULL, "a curl command that sends it again"},
	{"to", 0, "URL", "where the curl command sends to (the relay, same endpoint)"},
	{"force", 0, NULL, "raw bytes to a terminal, too"},
	{NULL},
};

static const char *const examples[] = {
	"hookline show stripe#1042",
	"hookline show stripe#1042 --body | jq .data",
	"hookline show stripe#1042 --curl --to http://localhost:3000 | sh",
	NULL,
};

const struct command command_show = {
	.name = "show",
	.summary = "one event: facts, head, body, attempts with the app's answers",
	.usage = "REF [--raw | --head | --body | --json | --curl [--to URL]]",
	.examples = examples,
	.options = options,
	.uses_relay = true,
	.run = run,
};
