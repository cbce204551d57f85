/* Fields outside of JSON: of forms, of queries, and of headers that hold an address or a list of pairs. */
#include <ctype.h>
#include <string.h>

#include "common/signature/form.h"
#include "tui/screen/masking_parts.h"

/* What people put into addresses of webhooks as a password. */
static const char *const usual[] = {"access_token", "api_key", "api-key", "apikey", "auth_token",
	"client_secret", "hub.verify_token", "password", "secret", "token", "verify_token"};

/* A name with its escapes may be so long and still be one that is masked. */
#define NAME_BYTES (3 * MASKING_NAME_LEN)

static bool is_usual(struct span name) {
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
		if (span_equal_nocase(name, span_text(usual[i]))) {
			return true;
		}
	}
	return false;
}

/* The last part of "user[email]", else all of it. */
static struct span last_part(struct span name) {
	size_t from = name.len;
	if (name.len < 2 || name.data[name.len - 1] != ']') {
		return name;
	}
	while (from > 0 && name.data[from - 1] != '[') {
		from--;
	}
	return from > 0 ? (struct span){name.data + from, name.len - from - 1} : name;
}

bool masking_has_name(const struct masking *masking, struct span name) {
	for (size_t i = 0; i < masking->field_count; i++) {
		const struct masking_field *field = &masking->fields[i];
		if (field->count == 0 &&
			(span_is(name, field->text) || span_is(last_part(name), field->text))) {
			return true;
		}
	}
	return false;
}

/* `name` as it was sent, with its escapes. */
static bool is_masked_name(const struct masking *masking, struct span name, bool address) {
	struct buffer decoded = {0};
	if (name.len == 0 || name.len > NAME_BYTES) {
		return false;
	}
	form_decode(&decoded, name);
	bool masked = masking_has_name(masking, buffer_span(&decoded)) ||
	              (address && is_usual(buffer_span(&decoded)));
	buffer_clear(&decoded);
	return masked;
}

/* --- values that hold fields themselves --- */

/* JSON, or an address; anything else has no fields. */
static size_t mask_inner(struct buffer *out, const struct masking *masking, struct span text) {
	if (masking_is_json(text)) {
		return masking_json(out, masking, text);
	}
	return span_find(text, '?') < text.len ? masking_pairs(out, masking, text) : 0;
}

static void encode(struct buffer *out, struct span text) {
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (isalnum(byte) || (byte && strchr("-._~*", byte))) {
			buffer_append_byte(out, (char)byte);
		} else {
			buffer_printf(out, "%%%02X", byte);
		}
	}
}

/* The value of a field that is not masked as a whole. */
static size_t mask_value(struct buffer *out, const struct masking *masking, struct span value) {
	struct buffer decoded = {0}, inner = {0};
	form_decode(&decoded, value);
	size_t count = mask_inner(&inner, masking, buffer_span(&decoded));
	if (count > 0) {
		encode(out, buffer_span(&inner));
	} else {
		buffer_append_span(out, value);
	}
	buffer_clear(&decoded);
	buffer_clear(&inner);
	return count;
}

/* --- forms and queries --- */

/* What stands between two '&': some take a ';' for one, too. Behind a masked name all is masked. */
static size_t mask_field(
	struct buffer *out, const struct masking *masking, struct span field, bool address) {
	size_t count = 0;
	for (const char *between = ""; field.data; between = ";") {
		struct span rest = field, piece = span_cut(&rest, ';'), value = piece;
		bool more = piece.len < field.len;
		struct span name = span_cut(&value, '=');
		buffer_append_text(out, between);
		if (is_masked_name(masking, name, address)) {
			buffer_append_span(out, name);
			buffer_append_text(out, "=" MASKING_TEXT);
			return count + 1;
		}
		buffer_append_span(out, name);
		if (name.len < piece.len) {
			buffer_append_byte(out, '=');
			count += mask_value(out, masking, value);
		}
		field = more ? rest : (struct span){0};
	}
	return count;
}

static size_t mask_fields(
	struct buffer *out, const struct masking *masking, struct span fields, bool address) {
	const char *end = fields.data + fields.len;
	size_t count = 0;
	while (fields.len > 0) {
		struct span field = span_cut(&fields, '&');
		count += mask_field(out, masking, field, address);
		buffer_append_text(out, field.data + field.len < end ? "&" : "");
	}
	return count;
}

size_t masking_form(struct buffer *out, const struct masking *masking, struct span body) {
	return mask_fields(out, masking, body, false);
}

size_t masking_target(struct buffer *out, const struct masking *masking, struct span target) {
	size_t at = span_find(target, '?');
	if (at == target.len) {
		buffer_append_span(out, target);
		return 0;
	}
	buffer_append(out, target.data, at + 1);
	return mask_fields(out, masking, span_after(target, at + 1), true);
}

/* --- text with pairs in it --- */

static bool begins_name(char before) {
	return strchr("?&;, \t\"'<(", before) != NULL;
}

static bool ends_name(char byte) {
	return byte == '=' || byte == ':' || byte == '/' || begins_name(byte);
}

/* How long the value is that begins there: in quotes, or up to what cannot be in one. */
static size_t value_len(struct span text) {
	if (text.len > 0 && text.data[0] == '"') {
		size_t len = 1 + span_find(span_after(text, 1), '"');
		return len < text.len ? len + 1 : text.len;
	}
	size_t len = 0;
	while (len < text.len && !strchr("& \t\">#", text.data[len])) {
		len++;
	}
	return len;
}

size_t masking_pairs(struct buffer *out, const struct masking *masking, struct span text) {
	size_t count = 0, at = 0;
	while (at < text.len) {
		size_t from = at;
		while (at < text.len && !ends_name(text.data[at])) {
			at++;
		}
		struct span name = {text.data + from, at - from};
		buffer_append_span(out, name);
		bool begins = from == 0 || begins_name(text.data[from - 1]);
		if (at < text.len && text.data[at] == '=' && begins &&
			is_masked_name(masking, name, true)) {
			buffer_append_text(out, "=" MASKING_TEXT);
			at += 1 + value_len(span_after(text, at + 1));
			count++;
		} else if (at < text.len) {
			buffer_append_byte(out, text.data[at++]);
		}
	}
	return count;
}

size_t masking_header_value(struct buffer *out, const struct masking *masking, struct span value) {
	return masking_is_json(value) ? masking_json(out, masking, value)
	                              : masking_pairs(out, masking, value);
}
