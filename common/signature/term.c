#include "common/signature/term.h"

#include "common/json_find.h"
#include "common/json_lexer.h"
#include "common/signature/lookup.h"
#include "common/signature/request_url.h"
#include "common/signature/signature_header.h"
#include "common/signature/term_special.h"

bool term_covers_body(enum term_kind kind) {
	return kind == TERM_BODY || kind == TERM_FORM_SORTED || kind == TERM_URL_FORM_SORTED ||
	       kind == TERM_PHP_FORM || kind == TERM_SNS_TEXT;
}

static struct span nothing(void) {
	return (struct span){NULL, 0};
}

/* What was appended to `out` since `before`, unless it went wrong. */
static struct span made(const struct buffer *out, size_t before, bool ok) {
	if (!ok) {
		return nothing();
	}
	return out->len > before ? (struct span){out->data + before, out->len - before} : span_text("");
}

static struct request_url url_of(const struct term_source *source) {
	return request_url_of(
		source->message, keyring_parameter(source->keyring, REQUEST_URL_PARAMETER));
}

static struct span url_value(
	const struct term_source *source, enum request_url_port port, struct buffer *out) {
	struct request_url url = url_of(source);
	size_t before = out->len;
	request_url_append(out, &url, port);
	return made(out, before, url.authority.len > 0);
}

static struct span path_value(const struct message *message) {
	struct span path, query;
	lookup_target(message, &path, &query);
	return path;
}

static struct span after_equals(struct span value) {
	size_t at = span_find(value, '=');
	return at < value.len ? span_after(value, at + 1) : nothing();
}

/* The terms of one provider each. */
static struct span special_value(
	const struct term_source *source, const struct term *term, struct buffer *out) {
	const struct message *message = source->message;
	struct request_url url = url_of(source);
	size_t before = out->len;
	switch (term->kind) {
	case TERM_FORM_SORTED:
		return made(out, before, term_form_sorted(message->body, out));
	case TERM_URL_FORM_SORTED:
		return made(out, before, term_url_form_sorted(&url, message->body, out));
	case TERM_SIGNED_HEADERS:
		return made(out, before,
			term_signed_headers(message, message_header_value(message, term->text), out));
	case TERM_PATH_REESCAPED:
		return made(out, before, term_path_reescaped(&url, out));
	case TERM_PHP_FORM:
		return made(out, before, term_php_form(message->body, span_text(term->text), out));
	case TERM_SNS_TEXT:
		return made(out, before, term_sns_text(message->body, out));
	case TERM_TOKEN_HEADERS:
		return made(out, before, term_token_headers(message, source->token, term->text, out));
	case TERM_HEADER_AFTER_EQ:
		return after_equals(message_header_value(message, term->text));
	default:
		return nothing();
	}
}

static struct span url_term_value(
	const struct term_source *source, const struct term *term, struct buffer *out) {
	switch (term->kind) {
	case TERM_URL:
		return url_value(source, URL_PORT_AS_IS, out);
	case TERM_URL_WITH_PORT:
		return url_value(source, URL_PORT_WRITTEN, out);
	case TERM_URL_WITHOUT_PORT:
		return url_value(source, URL_PORT_LEFT_OUT, out);
	case TERM_PATH:
		return path_value(source->message);
	default:
		return special_value(source, term, out);
	}
}

/* Values that are found by their name. */
static struct span named_value(
	const struct term_source *source, const struct term *term, struct buffer *out) {
	switch (term->kind) {
	case TERM_HEADER:
		return lookup_value(source->message, PLACE_HEADER, term->text, out);
	case TERM_PARAM:
		return span_text(keyring_parameter(source->keyring, term->text));
	case TERM_QUERY:
		return lookup_value(source->message, PLACE_QUERY, term->text, out);
	case TERM_FORM:
		return lookup_value(source->message, PLACE_FORM, term->text, out);
	case TERM_JSON:
		return lookup_value(source->message, PLACE_JSON, term->text, out);
	case TERM_JSON_RAW:
		return json_find(source->message->body, term->text);
	case TERM_MULTIPART_JSON:
		return lookup_value(source->message, PLACE_MULTIPART_JSON, term->text, out);
	case TERM_SIGNATURE:
		return signature_header_field(source->scheme, source->carrier, term->text);
	default:
		return url_term_value(source, term, out);
	}
}

struct span term_value(
	const struct term_source *source, const struct term *term, struct buffer *out) {
	switch (term->kind) {
	case TERM_LITERAL:
		return span_text(term->text);
	case TERM_BODY:
		return source->message->body.data ? source->message->body : span_text("");
	case TERM_TIMESTAMP:
		return source->timestamp;
	case TERM_ID:
		return source->id;
	case TERM_METHOD:
		return source->message->method;
	case TERM_LBRACE:
		return span_text("{");
	case TERM_RBRACE:
		return span_text("}");
	case TERM_SECRET:
		return nothing();
	default:
		return named_value(source, term, out);
	}
}
