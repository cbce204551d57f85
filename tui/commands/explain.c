/* hookline explain: how an event is signed, and why that is not right, by the secrets and provider files of the relay. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/json.h"
#include "common/signature/advice.h"
#include "common/signature/scheme_facts.h"
#include "common/text.h"
#include "tui/commands/commands.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"

struct explaining {
	struct session session;
	struct line_style style;
	const char *ref;
	bool json;
	struct event *event;
	struct buffer scheme; /* as JSON; empty: the relay knows no provider of it */
	struct buffer shown;  /* the same in words */
	struct buffer text;
	struct buffer headers; /* as scheme_facts has them */
};

/* "rule        {timestamp}.{body}" */
static void append_fact(
	struct explaining *explaining, struct buffer *out, const char *name, struct span value) {
	struct buffer label = {0};
	if (value.len > 0) {
		buffer_printf(&label, "%-12s", name);
		line_append_coloured(out, &explaining->style, 'd', buffer_span(&label));
		text_escape(out, value, explaining->style.flags);
		buffer_append_byte(out, '\n');
	}
	buffer_clear(&label);
}

/* --- how it is signed --- */

static void append_scheme(struct explaining *explaining, const struct scheme_facts *facts) {
	struct buffer *out = &explaining->shown, value = {0};
	struct span rest = buffer_span(&facts->schemes);
	buffer_append_span(&value, buffer_span(&facts->title));
	buffer_append_text(&value, " (");
	buffer_append_span(&value, buffer_span(&facts->provider));
	buffer_append_text(&value, facts->confirmed ? ")" : ", its scheme is not confirmed)");
	append_fact(explaining, out, "provider", buffer_span(&value));
	for (const char *name = "signs"; rest.len > 0; name = "or") {
		append_fact(explaining, out, name, span_cut(&rest, '\n'));
	}
	append_fact(explaining, out, "recipe", span_text(facts->version));
	append_fact(explaining, out, "rule", buffer_span(&facts->rule));
	if (facts->rule.len > 0) {
		buffer_reset(&value);
		buffer_printf(&value, "%" PRId64 " bytes%s", facts->text_len,
			facts->text_len > (int64_t)facts->text.len ? ", of which this is the beginning:" : ":");
		append_fact(explaining, out, "text", buffer_span(&value));
		buffer_append_text(out, "  ");
		text_escape(out, buffer_span(&facts->text), explaining->style.flags);
		buffer_append_byte(out, '\n');
	}
	buffer_clear(&value);
}

static bool take_scheme(
	struct explaining *explaining, const struct cJSON *answer, struct error *err) {
	const struct cJSON *object = cJSON_GetObjectItemCaseSensitive(answer, "scheme");
	struct scheme_facts facts = {0};
	bool ok = scheme_facts_from_json(&facts, object, err);
	if (ok) {
		json_append_parsed(&explaining->scheme, object);
		append_scheme(explaining, &facts);
		buffer_append_span(&explaining->headers, buffer_span(&facts.headers));
	}
	scheme_facts_clear(&facts);
	return ok;
}

/* --- why it is not right --- */

static void append_side(
	struct explaining *explaining, const struct cJSON *region, const char *name, const char *side) {
	struct buffer line = {0};
	struct span before = {0}, bytes = {0}, after = {0};
	json_get_text_opt(region, "before", &before, NULL);
	json_get_text_opt(region, side, &bytes, NULL);
	json_get_text_opt(region, "after", &after, NULL);
	json_bytes_from_text(&line, before);
	buffer_append_byte(&line, '[');
	json_bytes_from_text(&line, bytes);
	buffer_append_byte(&line, ']');
	json_bytes_from_text(&line, after);
	append_fact(explaining, &explaining->text, name, buffer_span(&line));
	buffer_clear(&line);
}

static void append_why(struct explaining *explaining, const struct cJSON *explanation) {
	const struct cJSON *region = cJSON_GetObjectItemCaseSensitive(explanation, "text");
	struct span sentence = {0};
	int64_t at = 0;
	json_get_text_opt(explanation, "sentence", &sentence, NULL);
	append_fact(explaining, &explaining->text, "why", sentence);
	if (cJSON_IsObject(region) && json_get_int(region, "at", &at, NULL)) {
		struct buffer where = {0};
		buffer_printf(&where, "the signed text, at byte %" PRId64, at);
		append_fact(explaining, &explaining->text, "differs", buffer_span(&where));
		append_side(explaining, region, "  received", "received");
		append_side(explaining, region, "  signed", "signed");
		buffer_clear(&where);
	}
}

/* What follows from why. */
static void append_advice(struct explaining *explaining, const struct cJSON *explanation) {
	const struct event *event = explaining->event;
	struct span cause = {0}, secret = {0};
	json_get_text_opt(explanation, "cause", &cause, NULL);
	json_get_text_opt(explanation, "secret", &secret, NULL);
	const struct advice_about about = {.verdict = event->verdict,
		.cause = explain_cause_of(cause),
		.secret = secret,
		.headers = buffer_span(&explaining->headers),
		.endpoint = event->endpoint,
		.seq = event->seq,
		.names_provider = event->provider.len > 0};
	struct buffer text = {0};
	enum advice_step step = advice_append(&text, &about);
	append_fact(explaining, &explaining->text, "to do", buffer_span(&text));
	buffer_reset(&text);
	if (advice_append_command(&text, step, &about)) {
		append_fact(explaining, &explaining->text, "", buffer_span(&text));
	}
	buffer_clear(&text);
}

static void append_verdict(struct explaining *explaining) {
	const struct event *event = explaining->event;
	struct buffer value = {0};
	event_append_ref(&value, event->endpoint, event->seq);
	line_append_coloured(&explaining->text, &explaining->style, 'b', buffer_span(&value));
	buffer_append_text(&explaining->text, "  ");
	line_append_coloured(&explaining->text, &explaining->style,
		line_colour_of_verdict(event->verdict), span_text(verdict_name(event->verdict)));
	buffer_append_text(&explaining->text, event->reason.len > 0 ? ": " : "");
	text_escape(&explaining->text, event->reason, explaining->style.flags);
	buffer_append_byte(&explaining->text, '\n');
	append_fact(explaining, &explaining->text, "secret", event->secret);
	buffer_clear(&value);
}

static void append_json(struct explaining *explaining, const struct cJSON *explanation) {
	struct buffer *out = &explaining->text;
	buffer_append_byte(out, '{');
	event_append_json_members(out, explaining->event);
	json_member_name(out, "scheme");
	buffer_append_text(out, explaining->scheme.len > 0 ? buffer_text(&explaining->scheme) : "null");
	json_member_name(out, "explanation");
	json_append_parsed(out, explanation);
	buffer_append_text(out, "}\n");
}

/* --- what is asked, one after the other: the event, the scheme, the explanation --- */

static void on_explained(void *data, const struct cJSON *answer, const struct error *err) {
	struct explaining *explaining = data;
	const struct cJSON *explanation = cJSON_GetObjectItemCaseSensitive(answer, "explanation");
	if (err && err->code != ERROR_NO) {
		session_fail(&explaining->session, err);
		return;
	}
	if (explaining->json) {
		append_json(explaining, explanation);
	} else {
		append_verdict(explaining);
		if (explanation && explaining->event->verdict != VERDICT_VALID) {
			append_why(explaining, explanation);
		}
		append_advice(explaining, explanation);
		buffer_append_span(&explaining->text, buffer_span(&explaining->shown));
	}
	print_out(&explaining->text);
	session_stop(&explaining->session, explaining->event->verdict == VERDICT_VALID ? 0 : 1);
}

static void ask(struct explaining *explaining, const char *type, client_answer_fn *answered) {
	struct buffer object = {0};
	buffer_append_byte(&object, '{');
	json_member_text(&object, "type", span_text(type));
	json_member_text(&object, "ref", span_text(explaining->ref));
	buffer_append_byte(&object, '}');
	client_ask(explaining->session.client, buffer_span(&object), answered, explaining);
	buffer_clear(&object);
}

static void on_scheme(void *data, const struct cJSON *answer, const struct error *err) {
	struct explaining *explaining = data;
	struct error wrong = {0};
	if (err && err->code == ERROR_USAGE) {
		error_set(&wrong, ERROR_USAGE, "this relay is too old to say it");
	} else if (err && err->code != ERROR_NO) {
		wrong = *err;
	} else if (!err) {
		take_scheme(explaining, answer, &wrong);
	}
	if (wrong.code != ERROR_NONE) {
		session_fail(&explaining->session, &wrong);
		return;
	}
	ask(explaining, "explain", on_explained);
}

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct explaining *explaining = data;
	(void)bytes;
	explaining->event = event_copy(event);
}

static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	(void)data;
	(void)attempt;
	(void)bytes;
}

static void on_got(void *data, const struct error *err) {
	struct explaining *explaining = data;
	if (err) {
		session_fail(&explaining->session, err);
		return;
	}
	ask(explaining, "scheme", on_scheme);
}

static int run(const struct arguments *arguments, struct error *err) {
	struct explaining explaining = {
		.style = line_style_of(stdout), .json = arguments_has(arguments, "json")};
	struct client_receiver receiver = {
		.event = on_event, .attempt = on_attempt, .done = on_got, .data = &explaining};
	struct event_ref ref;
	int code;
	if (arguments->word_count != 1) {
		error_set(err, ERROR_USAGE, "expected one event, such as stripe#1042");
		return 2;
	}
	explaining.ref = arguments->words[0];
	if (!event_ref_parse(&ref, span_text(explaining.ref), err)) {
		return 2;
	}
	if (session_open(&explaining.session, arguments, false, false, err)) {
		client_get(explaining.session.client, &ref, &receiver);
		code = session_run(&explaining.session, err);
	} else {
		code = explaining.session.exit_code;
	}
	session_close(&explaining.session);
	free(explaining.event);
	buffer_clear(&explaining.scheme);
	buffer_clear(&explaining.shown);
	buffer_clear(&explaining.text);
	buffer_clear(&explaining.headers);
	return code;
}

static const struct option_row options[] = {
	{"json", 0, NULL, "the event as an object, with scheme and explanation"},
	{NULL},
};

static const char *const examples[] = {
	"hookline explain stripe#1042",
	"hookline explain shop#7 --json | jq .scheme.rule",
	NULL,
};

const struct command command_explain = {
	.name = "explain",
	.summary = "how an event is signed, and why that is not right, as its relay knows it",
	.usage = "REF [--json]",
	.examples = examples,
	.options = options,
	.uses_relay = true,
	.run = run,
};
