#include "common/signature/term_special.h"

#include <string.h>

#include "common/json_find.h"
#include "common/json_lexer.h"
#include "common/signature/form.h"
#include "common/signature/lookup.h"

static void append_fields(const struct form_fields *fields, bool distinct, struct buffer *out) {
	for (size_t i = 0; i < fields->count; i++) {
		if (!distinct || !form_fields_repeats(fields, i)) {
			buffer_append_span(out, fields->fields[i].name);
			buffer_append_span(out, fields->fields[i].value);
		}
	}
}

bool term_form_sorted(struct span form, struct buffer *out) {
	struct form_fields fields;
	fields.bytes = (struct buffer){0};
	bool ok = form_fields_read(&fields, form);
	if (ok) {
		append_fields(&fields, true, out);
	}
	form_fields_clear(&fields);
	return ok;
}

static void append_query(const struct form_fields *fields, struct buffer *out) {
	for (size_t i = 0; i < fields->count; i++) {
		buffer_append_text(out, i > 0 ? "&" : "");
		buffer_append_span(out, fields->fields[i].name);
		buffer_append_byte(out, '=');
		buffer_append_span(out, fields->fields[i].value);
	}
}

bool term_url_form_sorted(const struct request_url *url, struct span form, struct buffer *out) {
	struct form_fields fields;
	fields.bytes = (struct buffer){0};
	bool ok = form_fields_read(&fields, url->query);
	size_t in_query = fields.count;
	if (ok) {
		request_url_append_origin(out, url, URL_PORT_AS_IS);
		buffer_append_span(out, url->path);
		buffer_append_text(out, in_query > 0 || form.len > 0 ? "?" : "");
		append_query(&fields, out);
		buffer_append_text(out, in_query > 0 && form.len > 0 ? "." : "");
	}
	ok = ok && form_fields_read(&fields, form);
	if (ok) {
		append_fields(&fields, false, out);
	}
	form_fields_clear(&fields);
	return ok;
}

static void append_small(struct buffer *out, struct span text) {
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.data[i];
		buffer_append_byte(out, byte >= 'A' && byte <= 'Z' ? (char)(byte | 32) : byte);
	}
}

/* The first header of that name; names are not terminated here. */
static const struct header *find_header(const struct message *message, struct span name) {
	for (size_t i = 0; i < message->header_count; i++) {
		if (span_equal_nocase(message->headers[i].name, name)) {
			return &message->headers[i];
		}
	}
	return NULL;
}

bool term_signed_headers(const struct message *message, struct span list, struct buffer *out) {
	bool first = true;
	while (list.len > 0) {
		struct span name = span_trim(span_cut(&list, ','));
		const struct header *header = find_header(message, name);
		if (!header) {
			return false;
		}
		buffer_append_text(out, first ? "" : ";");
		append_small(out, name);
		buffer_append_byte(out, ':');
		buffer_append_span(out, header->value);
		first = false;
	}
	return !first;
}

/* What encodeURIComponent (`component`) or encodeURI leave as it is; 256 are all of a byte. */
static bool is_kept(unsigned char byte, bool component) {
	if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
		(byte >= 'a' && byte <= 'z')) {
		return true;
	}
	return byte && strchr(component ? "-_.!~*'()" : "-_.!~*'();/?:@&=+$,#", byte);
}

static void escape(struct buffer *out, struct span text, bool component, int times) {
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (is_kept(byte, component)) {
			buffer_append_byte(out, (char)byte);
			continue;
		}
		buffer_append_byte(out, '%');
		for (int again = 1; again < times; again++) {
			buffer_append_text(out, "25"); /* the '%' of the escape, escaped */
		}
		buffer_printf(out, "%02X", byte);
	}
}

bool term_path_reescaped(const struct request_url *url, struct buffer *out) {
	escape(out, url->path, false, 1);
	if (url->query.data) {
		buffer_append_byte(out, '?');
		escape(out, url->query, true, 2);
	}
	return true;
}

static void append_php_text(struct buffer *out, struct span text) {
	buffer_printf(out, "s:%zu:\"", text.len);
	buffer_append_span(out, text);
	buffer_append_text(out, "\";");
}

bool term_php_form(struct span form, struct span without, struct buffer *out) {
	struct form_fields fields;
	fields.bytes = (struct buffer){0};
	bool ok = form_fields_read(&fields, form);
	size_t left_out = 0;
	for (size_t i = 0; ok && i < fields.count; i++) {
		left_out += span_equal(fields.fields[i].name, without);
	}
	if (ok) {
		buffer_printf(out, "a:%zu:{", fields.count - left_out);
	}
	for (size_t i = 0; ok && i < fields.count; i++) {
		if (!span_equal(fields.fields[i].name, without)) {
			append_php_text(out, fields.fields[i].name);
			append_php_text(out, fields.fields[i].value);
		}
	}
	buffer_append_text(out, ok ? "}" : "");
	form_fields_clear(&fields);
	return ok;
}

/* Appends "name\nvalue\n"; `must` be there or not. */
static bool append_member(struct span body, const char *name, bool must, struct buffer *out) {
	size_t before = out->len;
	buffer_printf(out, "%s\n", name);
	size_t at = out->len;
	struct span value = lookup_json_text(json_find(body, name), out);
	if (!value.data) {
		out->len = before;
		return !must;
	}
	if (out->len == at) {
		buffer_append_span(out, value);
	}
	buffer_append_byte(out, '\n');
	return true;
}

bool term_sns_text(struct span body, struct buffer *out) {
	static const char *const notification[] = {
		"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type", NULL};
	static const char *const confirmation[] = {
		"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type", NULL};
	struct span type = json_find(body, "Type");
	const char *const *names = span_is(type, "\"Notification\"") ? notification : confirmation;
	for (; *names; names++) {
		if (!append_member(body, *names, strcmp(*names, "Subject") != 0, out)) {
			return false;
		}
	}
	return true;
}

bool term_token_headers(const struct message *message, const struct json_object *token,
	const char *list, struct buffer *out) {
	struct buffer names = {0};
	bool ok = token != NULL;
	if (ok && json_object_text(token, list, &names)) {
		struct span rest = buffer_span(&names);
		while (ok && rest.len > 0) {
			struct span name = span_trim(span_cut(&rest, ','));
			const struct header *header = find_header(message, name);
			ok = header != NULL;
			if (ok) {
				buffer_append_span(out, name);
				buffer_append_text(out, ": ");
				buffer_append_span(out, header->value);
				buffer_append_byte(out, '\n');
			}
		}
	}
	buffer_clear(&names);
	return ok;
}
