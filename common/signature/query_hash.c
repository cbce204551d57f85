#include "common/signature/query_hash.h"

#include <string.h>

#include "common/signature/encoding.h"
#include "common/signature/form.h"
#include "common/signature/lookup.h"

/* As encodeURIComponent, with the five marks it leaves encoded, too (RFC 3986). */
static void append_escaped(struct buffer *out, struct span text) {
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		             (byte >= '0' && byte <= '9') || (byte && strchr("-._~", byte));
		if (plain) {
			buffer_append_byte(out, (char)byte);
		} else {
			buffer_append_byte(out, '%');
			buffer_append_byte(out, digits[byte >> 4]);
			buffer_append_byte(out, digits[byte & 15]);
		}
	}
}

static void append_query(struct buffer *out, struct span query) {
	struct form_fields fields = {.count = 0};
	bool first = true;
	form_fields_read(&fields, query);
	for (size_t i = 0; i < fields.count; i++) {
		const struct form_field *field = &fields.fields[i];
		if (span_is(field->name, "jwt")) {
			continue;
		}
		bool same = i > 0 && span_equal(field->name, fields.fields[i - 1].name);
		if (same) {
			buffer_append_text(out, ",");
		} else {
			buffer_append_text(out, first ? "" : "&");
			append_escaped(out, field->name);
			buffer_append_text(out, "=");
		}
		append_escaped(out, field->value);
		first = false;
	}
	form_fields_clear(&fields);
}

static struct span without_base(struct span path, const char *base) {
	size_t len = base ? strlen(base) : 0;
	while (len > 0 && base[len - 1] == '/') {
		len--;
	}
	bool below = span_starts_with(path, (struct span){base, len}) &&
	             (path.len == len || path.data[len] == '/');
	return below ? span_after(path, len) : path;
}

void query_hash_append(struct buffer *out, struct keyring *keyring, const struct message *message) {
	struct buffer text = {0};
	struct span path, query;
	unsigned char digest[EVP_MAX_MD_SIZE];
	lookup_target(message, &path, &query);
	path = without_base(path, keyring_parameter(keyring, QUERY_HASH_BASE));
	while (path.len > 1 && path.data[path.len - 1] == '/') {
		path.len--;
	}
	for (size_t i = 0; i < message->method.len; i++) {
		char byte = message->method.data[i];
		buffer_append_byte(&text, byte >= 'a' && byte <= 'z' ? (char)(byte - 32) : byte);
	}
	buffer_append_byte(&text, '&');
	if (path.len == 0) {
		buffer_append_byte(&text, '/');
	}
	for (size_t i = 0; i < path.len; i++) { /* '&' in a path would read like a separator */
		if (path.data[i] == '&') {
			buffer_append_text(&text, "%26");
		} else {
			buffer_append_byte(&text, path.data[i]);
		}
	}
	buffer_append_byte(&text, '&');
	append_query(&text, query);
	size_t len = keyring_digest(keyring, HASH_SHA256, buffer_span(&text), digest);
	encoding_append(out, ENCODING_HEX, (struct span){(const char *)digest, len});
	buffer_clear(&text);
}
