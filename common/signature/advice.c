#include "common/signature/advice.h"

#include <inttypes.h>

#include "common/event.h"

struct row {
	const char *text;
	enum advice_step step;
};

#define SPELLED                                                                                    \
	"A sender of your own has to write it as the provider does; a replay is signed as it does."
#define BYTE_FOR_BYTE                                                                              \
	" has to let the body through byte for byte: look at proxies, gateways and functions in "      \
	"front. A replay is signed anew for the body that came."

static const struct row by_cause[EXPLAIN_CAUSE_COUNT] = {
	[EXPLAIN_NO_SECRET] = {"Give the endpoint its secret; all its events are then judged again.",
		ADVICE_SECRET},
	[EXPLAIN_OLD] = {"It was sent, or sent again, too late, and an app that looks at the time "
					 "refuses it: a replay is signed anew, with the time it is then.",
		ADVICE_REPLAY},
	[EXPLAIN_FUTURE] = {"The clock of the sender is ahead, or that of the relay's machine behind: "
						"set it. A replay is signed anew.",
		ADVICE_REPLAY},
	[EXPLAIN_TIMESTAMP_UNIT] = {"A sender of your own has to write its timestamp in the "
								"provider's unit; a replay is signed anew with the right one.",
		ADVICE_REPLAY},
	[EXPLAIN_PARTIAL] = {"Parts of the body could have been changed on the way: do not rely on "
						 "them."},
	[EXPLAIN_RESERIALISED] = {"An app that checks the bytes it receives refuses this one: it has "
							  "to check JSON.stringify of the parsed body."},
	[EXPLAIN_SEVERAL_HEADERS] = {"Two signature headers came: take out the one that a proxy, or "
								 "the sender itself, adds."},
	[EXPLAIN_SECRET_LINE_END] = {"Give the secret again as the sender has it: with a line end "
								 "behind it, or without.",
		ADVICE_SECRET},
	[EXPLAIN_SECRET_BLANKS] = {"Give the secret again, without the blanks around it.",
		ADVICE_SECRET},
	[EXPLAIN_SECRET_QUOTES] = {"Give the secret again as the sender has it: with quotes around "
							   "it, or without.",
		ADVICE_SECRET},
	[EXPLAIN_SECRET_DECODED] = {"A sender of your own has to decode the secret before it signs, "
								"as the provider does; a provider file of your own must not."},
	[EXPLAIN_SECRET_BASE64] = {"A sender of your own must not decode the secret before it signs; "
							   "a provider file of your own has to, from base64."},
	[EXPLAIN_SECRET_HEX] = {"A sender of your own must not decode the secret before it signs; a "
							"provider file of your own has to, from hexadecimal."},
	[EXPLAIN_SECRET_PREFIX] = {"Sender and recipe differ in the prefix of the secret: a sender of "
							   "your own has to take it as the provider does, a provider file of "
							   "your own as the sender does."},
	[EXPLAIN_EMPTY_SIGNATURE] = {"The sender sends the header but signs nothing: set a secret for "
								 "this webhook there."},
	[EXPLAIN_TRUNCATED] = {"Something cuts the signature off: look for a limit of a proxy on the "
						   "length of headers."},
	[EXPLAIN_TRAILING] = {"Let nothing be written behind the signature, by the sender or a proxy "
						  "in front."},
	[EXPLAIN_ENCODING] = {SPELLED, ADVICE_REPLAY},
	[EXPLAIN_UPPER_CASE] = {SPELLED, ADVICE_REPLAY},
	[EXPLAIN_PREFIX] = {SPELLED, ADVICE_REPLAY},
	[EXPLAIN_HASH] = {SPELLED, ADVICE_REPLAY},
	[EXPLAIN_ALGORITHM] = {SPELLED, ADVICE_REPLAY},
	[EXPLAIN_PLACE] = {SPELLED, ADVICE_REPLAY},
	[EXPLAIN_FIELD] = {SPELLED, ADVICE_REPLAY},
	[EXPLAIN_HEADER_QUOTED] = {SPELLED, ADVICE_REPLAY},
	[EXPLAIN_HEADER_NAME] = {SPELLED, ADVICE_REPLAY},
	[EXPLAIN_TEXT] = {SPELLED, ADVICE_REPLAY},
	[EXPLAIN_KEY_ID] = {"The sender names another id for its key than is kept: give the key again "
						"under that id.",
		ADVICE_SECRET},
	[EXPLAIN_ISSUER] = {"The token is of another issuer: set the one the endpoint expects, or let "
						"the right one make it."},
	[EXPLAIN_AUDIENCE] = {"The token was made for another receiver: set the audience the endpoint "
						  "expects, or the address at the provider."},
	[EXPLAIN_CLAIM] = {"A sender of your own has to put into the token what the provider does."},
	[EXPLAIN_PASSWORD] = {"Give user and password again, as the sender has them.", ADVICE_SECRET},
	[EXPLAIN_BODY_LINE_END] = {"Whoever adds or takes away the line end" BYTE_FOR_BYTE,
		ADVICE_REPLAY},
	[EXPLAIN_BODY_BLANKS] = {"Whoever adds or takes away the blanks" BYTE_FOR_BYTE, ADVICE_REPLAY},
	[EXPLAIN_BODY_LINE_BREAKS] = {"Whoever changes the line breaks" BYTE_FOR_BYTE, ADVICE_REPLAY},
	[EXPLAIN_BODY_MARK] = {"Whoever adds or takes away the byte order mark" BYTE_FOR_BYTE,
		ADVICE_REPLAY},
	[EXPLAIN_BODY_JSON] = {"Whoever parses the JSON and writes it anew" BYTE_FOR_BYTE,
		ADVICE_REPLAY},
	[EXPLAIN_BODY_COMPRESSED] = {"Whoever packs or unpacks the body (gzip)" BYTE_FOR_BYTE,
		ADVICE_REPLAY},
	[EXPLAIN_BODY_CHARSET] = {"Whoever converts the character set" BYTE_FOR_BYTE, ADVICE_REPLAY},
	[EXPLAIN_BODY_BASE64] = {"The gateway that hands the body on as base64" BYTE_FOR_BYTE,
		ADVICE_REPLAY},
	[EXPLAIN_BODY_LOST] = {"The sender signs before it has its body: it has to sign the very text "
						   "it sends. A replay is signed anew.",
		ADVICE_REPLAY},
	[EXPLAIN_URL] =
		{"The URL that is signed is the one the provider was given: let the relay "
		 "know it (ingest: url: in its configuration), or the endpoint (--param url=URL)."},
	[EXPLAIN_OTHER_PROVIDER] = {"It is a webhook of another provider: send it to an endpoint of "
								"that one, or say which provider this one has.",
		ADVICE_PROVIDER},
};

static struct row by_verdict(enum verdict verdict) {
	static const struct row invalid = {"Compare with the secret the provider shows for this very "
									   "endpoint, and give it beside those there are.",
		ADVICE_SECRET};
	switch (verdict) {
	case VERDICT_UNVERIFIED:
		return by_cause[EXPLAIN_NO_SECRET];
	case VERDICT_INVALID:
		return invalid;
	case VERDICT_EXPIRED:
		return by_cause[EXPLAIN_OLD];
	case VERDICT_PARTIAL:
		return by_cause[EXPLAIN_PARTIAL];
	case VERDICT_RESERIALISED:
		return by_cause[EXPLAIN_RESERIALISED];
	default:
		return (struct row){0};
	}
}

/* "try/staging": the endpoint, and what is behind it in `label`; empty: it names none. */
static struct span endpoint_of(struct span secret, struct span *label) {
	size_t at = span_find(secret, '/');
	*label = at < secret.len ? span_after(secret, at + 1) : secret;
	return (struct span){secret.data, at < secret.len ? at : 0};
}

static void append_other_secret(struct buffer *out, const struct advice_about *about) {
	struct span label, endpoint = endpoint_of(about->secret, &label);
	if (endpoint.len > 0) {
		buffer_append_text(out, "It is signed with the secret ");
		buffer_append_span(out, label);
		buffer_append_text(out, " of the endpoint ");
		buffer_append_span(out, endpoint);
		buffer_append_text(out, ": let the provider send it there, or give that secret here, too.");
	} else {
		buffer_append_text(out, "Give the endpoint the secret");
		buffer_append_text(out, label.len > 0 ? " " : "");
		buffer_append_span(out, label);
		buffer_append_text(out, " it is signed with, or let the provider use the one it has.");
	}
}

/* "X-Hub-Signature-256, X-Hub-Signature" */
static void append_headers(struct buffer *out, struct span headers) {
	for (bool first = true; headers.len > 0; first = false) {
		buffer_append_text(out, first ? "" : ", ");
		buffer_append_span(out, span_cut(&headers, '\n'));
	}
}

static void append_unsigned(struct buffer *out, const struct advice_about *about) {
	buffer_append_text(
		out, "Switch signing on at the provider: set a secret for this webhook there");
	if (about->headers.len > 0) {
		buffer_append_text(out, ", so that it signs (");
		append_headers(out, about->headers);
		buffer_append_byte(out, ')');
	}
	buffer_append_text(
		out, ". Where it is set, a proxy took the header out, or somebody else sent it.");
}

enum advice_step advice_append(struct buffer *out, const struct advice_about *about) {
	if (about->verdict == VERDICT_VALID || about->cause == EXPLAIN_VALID) {
		return ADVICE_NONE;
	}
	if (about->cause == EXPLAIN_OTHER_SECRET) {
		append_other_secret(out, about);
		return ADVICE_SECRET;
	}
	if (about->cause == EXPLAIN_UNSIGNED ||
		(about->cause == EXPLAIN_NONE && about->verdict == VERDICT_UNSIGNED)) {
		append_unsigned(out, about);
		return ADVICE_NONE;
	}
	struct row row =
		about->cause == EXPLAIN_NONE ? by_verdict(about->verdict) : by_cause[about->cause];
	buffer_append_text(out, row.text ? row.text : "");
	return row.text ? row.step : ADVICE_NONE;
}

/* The label it is kept under, so that the new one takes its place; a new one where that would take another's. */
static void append_secret_file(struct buffer *out, const struct advice_about *about) {
	struct span label;
	endpoint_of(about->secret, &label);
	if (about->cause == EXPLAIN_NONE && about->verdict == VERDICT_INVALID) {
		label = span_text("new");
	}
	buffer_append_text(out, " --secret-file ");
	buffer_append_span(out, label);
	buffer_append_text(out, label.len > 0 ? "=FILE" : "FILE");
}

bool advice_append_command(
	struct buffer *out, enum advice_step step, const struct advice_about *about) {
	if (about->endpoint.len == 0 || step == ADVICE_NONE) {
		return false;
	}
	if (step == ADVICE_REPLAY) {
		buffer_append_text(out, "hookline replay ");
		event_append_ref(out, about->endpoint, about->seq);
		buffer_append_text(out, " --to URL");
		return true;
	}
	buffer_append_text(out, "hookline endpoint set ");
	buffer_append_span(out, about->endpoint);
	if (step == ADVICE_PROVIDER || !about->names_provider) {
		buffer_append_text(out, " --provider NAME");
	}
	if (step == ADVICE_SECRET) {
		append_secret_file(out, about);
	}
	return true;
}
