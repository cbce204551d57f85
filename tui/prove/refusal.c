#include "tui/prove/refusal.h"

#include <string.h>

#include "common/header_lines.h"
#include "common/json_lexer.h"
#include "common/signature/sign_anew.h"

static const char *const names[REFUSAL_COUNT] = {"altered-body", "wrong-secret", "no-signature",
	"doubled-header", "stale", "future", "header-case", "truncated", "wrong-type", "empty",
	"oversize", "old-id"};

const char *refusal_name(enum refusal refusal) {
	return names[refusal];
}

int refusal_from_name(struct span name) {
	for (int i = 0; i < REFUSAL_COUNT; i++) {
		if (span_is(name, names[i])) {
			return i;
		}
	}
	return -1;
}

bool refusal_is_accepted(enum refusal refusal) {
	return refusal == REFUSAL_HEADER_CASE;
}

void refusal_case_clear(struct refusal_case *made) {
	buffer_clear(&made->head);
	buffer_clear(&made->body);
	buffer_clear(&made->how);
	*made = (struct refusal_case){0};
}

/* --- what the cases have in common --- */

static void skip(struct refusal_case *made, const char *why) {
	buffer_append_text(&made->how, why);
}

static void set_head(
	struct refusal_case *made, const struct message *message, struct span lines, const char *how) {
	sign_anew_head(&made->head, message, lines);
	buffer_append_text(&made->how, how);
	made->applies = true;
}

/* As the provider would send it. */
static void set_right_head(
	struct refusal_case *made, const struct refusal_input *input, const char *how) {
	set_head(made, input->message, input->right.lines, how);
}

static void set_body(struct refusal_case *made, struct span body) {
	buffer_append_span(&made->body, body);
}

static bool covers_body(const struct refusal_input *input) {
	return input->right.made && input->right.verdict != VERDICT_PARTIAL &&
	       input->right.verdict != VERDICT_UNVERIFIED;
}

static bool has_body(const struct refusal_input *input, struct refusal_case *made) {
	if (input->message->body.len == 0) {
		skip(made, "the event has no body");
		return false;
	}
	return true;
}

/* Whether hookline itself would refuse it: else it is nothing an app can be blamed for. */
static bool is_refused(enum verdict verdict) {
	return verdict == VERDICT_INVALID || verdict == VERDICT_EXPIRED || verdict == VERDICT_UNSIGNED;
}

/* Whether the line carries the signature: another secret makes another. */
static bool carries_signature(const struct refusal_input *input, struct span line) {
	struct span other = header_lines_find(input->wrong.lines, header_line_name(line));
	return other.data && !span_equal(header_line_value(other), header_line_value(line));
}

/* --- bodies --- */

static void turn_digit(char *digit) {
	*digit = *digit == '9' ? '0' : (char)(*digit + 1);
}

static bool is_letter(char byte) {
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Another of its kind, so that the body stays what it is (JSON, a form) and only its meaning is another. */
static void turn_byte(char *byte) {
	if (*byte >= '0' && *byte <= '9') {
		turn_digit(byte);
	} else if (is_letter(*byte)) {
		*byte = *byte == 'z' || *byte == 'Z' ? (char)(*byte - 25) : (char)(*byte + 1);
	} else {
		*byte ^= 1;
	}
}

/* Where a byte of a JSON value can be exchanged without breaking it: the end of the last number, or of a plain text. */
static size_t find_in_json(struct span body) {
	struct json_lexer lexer;
	struct json_token token;
	struct span number = {0}, text = {0};
	json_lexer_init(&lexer, body);
	for (token = json_lexer_next(&lexer); token.kind > JSON_ERROR;
		 token = json_lexer_next(&lexer)) {
		if (token.kind == JSON_NUMBER) {
			number = token.text;
		} else if (token.kind == JSON_STRING && token.text.len > 2 &&
				   span_find(token.text, '\\') == token.text.len &&
				   is_letter(token.text.data[token.text.len - 2])) {
			text = token.text;
		}
	}
	if (number.len > 0) {
		return (size_t)(number.data + number.len - 1 - body.data);
	}
	return text.len > 0 ? (size_t)(text.data + text.len - 2 - body.data) : body.len;
}

static size_t find_byte(struct span body) {
	size_t at = json_is_whole(body) ? find_in_json(body) : body.len;
	for (size_t i = body.len; at == body.len && i > 0; i--) {
		char byte = body.data[i - 1];
		at = is_letter(byte) || (byte >= '0' && byte <= '9') ? i - 1 : at;
	}
	return at < body.len ? at : body.len - 1;
}

static void make_altered(const struct refusal_input *input, struct refusal_case *made) {
	struct span body = input->message->body;
	if (!has_body(input, made)) {
		return;
	}
	if (!covers_body(input)) {
		skip(made, input->right.made ? "the signature does not cover the body"
									 : "whether the signature covers the body is not known");
		return;
	}
	size_t at = find_byte(body);
	set_right_head(made, input, "altered-body: ");
	set_body(made, body);
	turn_byte(made->body.data + at);
	buffer_printf(&made->how, "byte %zu of the body exchanged behind the signature", at);
}

static void make_truncated(const struct refusal_input *input, struct refusal_case *made) {
	struct span body = input->message->body, half = {body.data, body.len / 2};
	if (!has_body(input, made)) {
		return;
	}
	if (!covers_body(input) && (!json_is_whole(body) || json_is_whole(half))) {
		skip(made, "the signature does not cover the body, and half of it could be a whole one");
		return;
	}
	set_right_head(made, input, "truncated: ");
	buffer_printf(&made->how, "the first %zu of %zu bytes of the body", half.len, body.len);
	set_body(made, half);
}

static void make_empty(const struct refusal_input *input, struct refusal_case *made) {
	if (has_body(input, made)) {
		set_right_head(made, input, "empty: no body behind a right head");
	}
}

static void make_oversize(const struct refusal_input *input, struct refusal_case *made) {
	struct span body = input->message->body;
	if (!has_body(input, made)) {
		return;
	}
	set_right_head(made, input, "oversize: ");
	set_body(made, body);
	size_t more = input->oversize > body.len ? input->oversize - body.len : 0;
	memset(buffer_reserve(&made->body, more), ' ', more);
	made->body.len += more;
	buffer_printf(&made->how, "a body of %zu bytes, blanks behind the right one", made->body.len);
}

/* --- signatures --- */

static void make_wrong_secret(const struct refusal_input *input, struct refusal_case *made) {
	if (!input->wrong.made || span_equal(input->wrong.lines, input->right.lines)) {
		skip(made, "it cannot be signed with another secret");
		return;
	}
	set_head(made, input->message, input->wrong.lines,
		"wrong-secret: signed with another secret of the same form");
	set_body(made, input->message->body);
}

static void make_unsigned(const struct refusal_input *input, struct refusal_case *made) {
	const struct message *message = input->message;
	if (input->right.lines.len == 0) {
		skip(made, "which headers carry the signature is not known");
		return;
	}
	buffer_append_span(
		&made->head, (struct span){message->head.data, span_find(message->head, '\n') + 1});
	for (size_t i = 0; i < message->header_count; i++) {
		if (!header_lines_find(input->right.lines, message->headers[i].name).data) {
			buffer_append_span(&made->head, message->headers[i].line);
			buffer_append_text(&made->head, "\r\n");
		}
	}
	buffer_append_text(&made->head, "\r\n");
	set_body(made, message->body);
	buffer_append_text(&made->how, "no-signature: the headers of the signature left out");
	made->applies = true;
}

/* The right line, and a forged one of the same name behind all others. */
static void make_doubled(const struct refusal_input *input, struct refusal_case *made) {
	struct span rest = input->right.lines, line;
	struct buffer forged = {0};
	while (header_lines_take(&rest, &line)) {
		if (carries_signature(input, line)) {
			buffer_append_span(
				&forged, header_lines_find(input->wrong.lines, header_line_name(line)));
			buffer_append_text(&forged, "\r\n");
		}
	}
	if (forged.len > 0) {
		set_right_head(
			made, input, "doubled-header: a right signature, and a forged one behind it");
		made->head.len -= 2;
		buffer_append_span(&made->head, buffer_span(&forged));
		buffer_append_text(&made->head, "\r\n");
		set_body(made, input->message->body);
	} else {
		skip(made, "which header carries the signature is not known");
	}
	buffer_clear(&forged);
}

static void append_swapped(struct buffer *out, struct span name) {
	for (size_t i = 0; i < name.len; i++) {
		buffer_append_byte(
			out, is_letter(name.data[i]) ? (char)(name.data[i] ^ 0x20) : name.data[i]);
	}
}

static void make_header_case(const struct refusal_input *input, struct refusal_case *made) {
	struct span rest = input->right.lines, line;
	struct buffer lines = {0};
	while (header_lines_take(&rest, &line)) {
		append_swapped(&lines, header_line_name(line));
		buffer_append_span(&lines, span_after(line, header_line_name(line).len));
		buffer_append_text(&lines, "\r\n");
	}
	if (lines.len == 0) {
		skip(made, "which headers carry the signature is not known");
	} else {
		set_head(made, input->message, buffer_span(&lines),
			"header-case: the names of the signature's headers in the other case");
		set_body(made, input->message->body);
	}
	buffer_clear(&lines);
}

static void make_at_another_time(const struct refusal_input *input,
	const struct refusal_signature *signature, const char *how, const char *why_not,
	struct refusal_case *made) {
	if (!signature->made || !is_refused(signature->verdict)) {
		skip(made, signature->made ? why_not : "it cannot be signed for another moment");
		return;
	}
	set_head(made, input->message, signature->lines, how);
	set_body(made, input->message->body);
}

static void make_old_id(const struct refusal_input *input, struct refusal_case *made) {
	struct span line = header_lines_find(input->right.lines, span_text(input->id_header));
	if (!*input->id_header || !line.data) {
		skip(made,
			"no id is signed: whether a repeat is done twice is what \"prove twice\" finds out");
		return;
	}
	struct buffer lines = {0};
	struct span rest = input->right.lines, other;
	while (header_lines_take(&rest, &other)) {
		buffer_append_span(&lines, other);
		if (other.data == line.data) {
			turn_byte(lines.data + lines.len - 1);
		}
		buffer_append_text(&lines, "\r\n");
	}
	set_head(made, input->message, buffer_span(&lines), "old-id: the id of another message, ");
	buffer_printf(&made->how, "in %s", input->id_header);
	set_body(made, input->message->body);
	buffer_clear(&lines);
}

/* --- the type --- */

static void make_wrong_type(const struct refusal_input *input, struct refusal_case *made) {
	struct span type = message_header_value(input->message, "Content-Type");
	struct span json = span_text("application/json");
	struct span start = {type.data, type.len < json.len ? type.len : json.len};
	if (!has_body(input, made)) {
		return;
	}
	if (!type.data) {
		skip(made, "the event has no Content-Type");
		return;
	}
	const char *wrong =
		span_equal_nocase(start, json) ? "application/x-www-form-urlencoded" : "application/json";
	struct buffer head = {0}, line = {0};
	struct message signed_now = {0};
	sign_anew_head(&head, input->message, input->right.lines);
	buffer_printf(&line, "Content-Type: %s\r\n", wrong);
	if (message_parse(&signed_now, buffer_span(&head), input->message->body, NULL)) {
		set_head(made, &signed_now, buffer_span(&line), "wrong-type: Content-Type ");
		buffer_append_text(&made->how, wrong);
		set_body(made, input->message->body);
	} else {
		skip(made, "its head cannot be changed");
	}
	message_clear(&signed_now);
	buffer_clear(&head);
	buffer_clear(&line);
}

void refusal_make(
	enum refusal refusal, const struct refusal_input *input, struct refusal_case *made) {
	switch (refusal) {
	case REFUSAL_ALTERED_BODY:
		make_altered(input, made);
		return;
	case REFUSAL_WRONG_SECRET:
		make_wrong_secret(input, made);
		return;
	case REFUSAL_NO_SIGNATURE:
		make_unsigned(input, made);
		return;
	case REFUSAL_DOUBLED_HEADER:
		make_doubled(input, made);
		return;
	case REFUSAL_STALE:
		make_at_another_time(input, &input->stale, "stale: signed a day ago",
			"the scheme judges no time: an old request is as good as a new one", made);
		return;
	case REFUSAL_FUTURE:
		make_at_another_time(input, &input->future, "future: signed for tomorrow",
			"the scheme takes times ahead of the clock", made);
		return;
	case REFUSAL_HEADER_CASE:
		make_header_case(input, made);
		return;
	case REFUSAL_TRUNCATED:
		make_truncated(input, made);
		return;
	case REFUSAL_WRONG_TYPE:
		make_wrong_type(input, made);
		return;
	case REFUSAL_EMPTY:
		make_empty(input, made);
		return;
	case REFUSAL_OVERSIZE:
		make_oversize(input, made);
		return;
	case REFUSAL_OLD_ID:
		make_old_id(input, made);
		return;
	case REFUSAL_COUNT:
		return;
	}
}

/* --- the answer --- */

static const char *const blames[REFUSAL_COUNT] = {
	"a body that was changed behind the signature",
	"a signature made with another secret",
	"a request without a signature",
	"a request with two signatures, one of them forged",
	"a request that was signed a day ago: whoever has seen it can send it again",
	"a request signed for tomorrow: whoever has seen it can send it until then",
	"",
	"half of the body",
	"a body that is said to be something else than it is",
	"a request without its body",
	"a body of that size",
	"the signature of one message with the id of another",
};

bool refusal_judge(enum refusal refusal, int64_t status, struct buffer *words) {
	bool success = status >= 200 && status < 300;
	if (refusal_is_accepted(refusal)) {
		buffer_append_text(words,
			success ? "accepted, as it must be: names of headers have no case"
					: "refused, but names of headers have no case: a proxy may write them so");
		return success;
	}
	if (status >= 400 && status < 500) {
		buffer_append_text(words, "refused");
		return true;
	}
	if (success) {
		buffer_printf(words, "accepted %s", blames[refusal]);
	} else if (status >= 500) {
		buffer_append_text(
			words, "crashed instead of refusing: a 5xx makes the provider try again");
	} else if (status > 0) {
		buffer_append_text(words, "neither refused nor accepted");
	} else if (refusal == REFUSAL_OVERSIZE) {
		buffer_append_text(words, "refused by hanging up");
		return true;
	} else {
		buffer_append_text(words, "hung up instead of refusing");
	}
	return false;
}
