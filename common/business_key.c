#include "common/business_key.h"

#include <string.h>

const char *const business_key_names[] = {"account", "booking", "call", "campaign", "charge",
	"chat", "contact", "contract", "customer", "deal", "deployment", "document", "email",
	"employee", "file", "invoice", "issue", "job", "launch", "lead", "message", "order", "payment",
	"phone", "post", "product", "project", "refund", "repository", "session", "shipment",
	"subscription", "task", "ticket", "user", NULL};

const char *business_key_known(struct span name) {
	for (size_t i = 0; business_key_names[i]; i++) {
		if (span_equal_nocase(name, span_text(business_key_names[i]))) {
			return business_key_names[i];
		}
	}
	return NULL;
}

bool business_key_name_is_valid(struct span name) {
	bool good = name.len > 0 && name.len <= BUSINESS_KEY_NAME_LEN && name.data[0] >= 'a' &&
	            name.data[0] <= 'z';
	for (size_t i = 0; good && i < name.len; i++) {
		char byte = name.data[i];
		good = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
		       byte == '_';
	}
	return good;
}

/* --- one place, as text --- */

static const char *const prefixes[] = {".", "form:", "query:", "header:"};

static bool refuse(struct error *err, struct span text, const char *why) {
	return error_set(err, ERROR_USAGE,
		"\"%.*s\": %s (a place is .data.order.id, .items[*].id, form:NAME, query:NAME or "
		"header:NAME, "
		"and may end with: for TYPE,TYPE)",
		(int)(text.len < 200 ? text.len : 200), text.len > 0 ? text.data : "", why);
}

/* ".data.items[0].id" without its first dot -> "data.items.0.id"; false: a name is missing, or it is too long or deep. */
static bool read_json_path(struct business_key *key, struct span text) {
	size_t len = 0, names = 1;
	bool named = false, good = true;
	for (size_t i = 0; i < text.len && good; i++) {
		char byte = text.data[i];
		bool parts = byte == '[' || byte == '.';
		if (byte == ']' || (byte == '[' && i == 0)) {
			continue;
		}
		good = len < BUSINESS_KEY_PATH_LEN && (!parts || named) && (unsigned char)byte > ' ';
		names += parts;
		key->path[len] = parts ? '.' : byte;
		len += good;
		named = !parts;
	}
	key->path[len] = '\0';
	return good && named && names <= BUSINESS_KEY_DEPTH_MAX;
}

static bool read_field(struct business_key *key, struct span text) {
	bool good = text.len > 0 && text.len <= BUSINESS_KEY_PATH_LEN;
	for (size_t i = 0; good && i < text.len; i++) {
		good = (unsigned char)text.data[i] > ' ' && text.data[i] != 0x7f;
	}
	if (good) {
		memcpy(key->path, text.data, text.len);
		key->path[text.len] = '\0';
	}
	return good;
}

static bool read_place(struct business_key *key, struct span text) {
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		if (span_starts_with(text, span_text(prefixes[i]))) {
			struct span rest = span_after(text, strlen(prefixes[i]));
			key->place = (enum business_key_place)i;
			return i == BUSINESS_KEY_JSON ? read_json_path(key, rest) : read_field(key, rest);
		}
	}
	return false;
}

/* "customer.*, ping" without its blanks; one * in each at most. */
static bool read_types(struct business_key *key, struct span text) {
	size_t len = 0, stars = 0;
	bool good = text.len > 0;
	for (size_t i = 0; i < text.len && good; i++) {
		char byte = text.data[i];
		if (byte == ' ' || byte == '\t') {
			continue;
		}
		stars = byte == ',' ? 0 : stars + (byte == '*');
		good = stars <= 1 && len < BUSINESS_KEY_TYPES_LEN && (unsigned char)byte > ' ';
		key->types[len] = byte;
		len += good;
	}
	key->types[len] = '\0';
	return good && len > 0;
}

bool business_key_read(
	struct business_key *key, struct span name, struct span text, struct error *err) {
	*key = (struct business_key){.place = BUSINESS_KEY_JSON};
	if (!business_key_name_is_valid(name)) {
		return error_set(err, ERROR_USAGE,
			"\"%.*s\" cannot be the name of a key: small letters, digits, '-' and '_', at most %d",
			(int)(name.len < 80 ? name.len : 80), name.len > 0 ? name.data : "",
			BUSINESS_KEY_NAME_LEN);
	}
	memcpy(key->name, name.data, name.len);
	struct span rest = span_trim(text);
	struct span place = span_cut(&rest, ' ');
	rest = span_trim(rest);
	if (!read_place(key, place)) {
		return refuse(err, text, "it names no place of an event");
	}
	bool limited = span_starts_with(rest, span_text("for "));
	if (rest.len > 0 && (!limited || !read_types(key, span_after(rest, 4)))) {
		return refuse(err, text, "what follows the place is no list of event types");
	}
	return true;
}

void business_key_append(struct buffer *out, const struct business_key *key) {
	struct span path = span_text(key->path);
	buffer_append_text(out, prefixes[key->place]);
	for (bool first = true; key->place == BUSINESS_KEY_JSON && path.len > 0; first = false) {
		struct span name = span_cut(&path, '.');
		bool element = span_is(name, "*");
		buffer_append_text(out, element ? "[" : first ? "" : ".");
		buffer_append_span(out, name);
		buffer_append_text(out, element ? "]" : "");
	}
	buffer_append_span(out, path);
	if (key->types[0]) {
		buffer_append_text(out, " for ");
		buffer_append_text(out, key->types);
	}
}

void business_key_append_filter(struct buffer *out, struct span name, struct span value) {
	bool plain = value.len > 0 && value.data[0] != '<' && value.data[0] != '>';
	for (size_t i = 0; i < value.len; i++) {
		char byte = value.data[i];
		plain = plain && ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
							 (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '_' ||
							 byte == '.' || byte == '@' || byte == '/');
	}
	buffer_append_text(out, name.len == 0 ? "key" : business_key_known(name) ? "" : "key.");
	buffer_append_span(out, name);
	buffer_append_byte(out, ':');
	buffer_append_text(out, plain ? "" : "\"");
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] == '"') {
			buffer_append_byte(out, '\\');
		}
		buffer_append_byte(out, value.data[i]);
	}
	buffer_append_text(out, plain ? "" : "\"");
}

bool business_key_append_short(struct buffer *out, struct span text) {
	struct span value = span_trim(text), name = span_cut(&value, ' ');
	value = span_trim(value);
	const char *known = business_key_known(name);
	if (!known || value.len == 0 || span_find(value, ' ') < value.len ||
		span_find(value, ':') < value.len) {
		return false;
	}
	business_key_append_filter(out, span_text(known), value);
	return true;
}
