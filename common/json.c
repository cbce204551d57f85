#include "common/json.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#define JSON_DEPTH 32

/* Length of the well-formed UTF-8 sequence at the front, or 0. */
static size_t utf8_sequence(struct span text) {
	const unsigned char *s = (const unsigned char *)text.data;
	if (text.len >= 1 && s[0] < 0x80) {
		return 1;
	}
	size_t len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || text.len < len) {
		return 0;
	}
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80) {
			return 0;
		}
	}
	bool overlong = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
	bool beyond = (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf4 && s[1] > 0x8f);
	return overlong || beyond ? 0 : len;
}

/* One ASCII byte inside a string. */
static void append_ascii(struct buffer *out, char c) {
	switch (c) {
	case '"':
		buffer_append(out, "\\\"", 2);
		break;
	case '\\':
		buffer_append(out, "\\\\", 2);
		break;
	case '\n':
		buffer_append(out, "\\n", 2);
		break;
	case '\r':
		buffer_append(out, "\\r", 2);
		break;
	case '\t':
		buffer_append(out, "\\t", 2);
		break;
	default:
		if ((unsigned char)c < 0x20 || c == 0x7f) {
			buffer_printf(out, "\\u%04x", (unsigned)(unsigned char)c);
		} else {
			buffer_append_byte(out, c);
		}
	}
}

/* How many bytes at the front need no escape: letters and most signs. */
static size_t plain_run(struct span text) {
	size_t len = 0;
	while (len < text.len && text.data[len] >= 0x20 && text.data[len] < 0x7f &&
		   text.data[len] != '"' && text.data[len] != '\\') {
		len++;
	}
	return len;
}

void json_append_text(struct buffer *out, struct span text) {
	buffer_append_byte(out, '"');
	while (text.len > 0) {
		size_t len = plain_run(text);
		if (len == 0) {
			len = utf8_sequence(text);
			if (len == 0) {
				buffer_append_text(out, "\xef\xbf\xbd");
				len = 1;
			} else if (len == 1) {
				append_ascii(out, text.data[0]);
			} else {
				buffer_append(out, text.data, len);
			}
		} else {
			buffer_append(out, text.data, len);
		}
		text = span_after(text, len);
	}
	buffer_append_byte(out, '"');
}

void json_append_bytes(struct buffer *out, struct span bytes) {
	buffer_append_byte(out, '"');
	while (bytes.len > 0) {
		size_t len = plain_run(bytes);
		buffer_append(out, bytes.data, len);
		if (len < bytes.len) {
			unsigned char c = (unsigned char)bytes.data[len++];
			if (c < 0x80) {
				append_ascii(out, (char)c);
			} else {
				buffer_printf(out, "\\u%04x", (unsigned)c);
			}
		}
		bytes = span_after(bytes, len);
	}
	buffer_append_byte(out, '"');
}

void json_append_base64(struct buffer *out, struct span bytes) {
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *s = (const unsigned char *)bytes.data;
	char *at = buffer_reserve(out, (bytes.len + 2) / 3 * 4);
	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i;
		unsigned three = (unsigned)s[i] << 16 | (left > 1 ? (unsigned)s[i + 1] << 8 : 0) |
		                 (left > 2 ? (unsigned)s[i + 2] : 0);
		*at++ = digits[three >> 18];
		*at++ = digits[three >> 12 & 63];
		*at++ = left > 1 ? digits[three >> 6 & 63] : '=';
		*at++ = left > 2 ? digits[three & 63] : '=';
	}
	out->len += (bytes.len + 2) / 3 * 4;
}

void json_member_name(struct buffer *out, const char *name) {
	if (out->len > 0 && out->data[out->len - 1] != '{') {
		buffer_append_byte(out, ',');
	}
	size_t len = strlen(name);
	char *at = buffer_reserve(out, len + 3);
	at[0] = '"';
	memcpy(at + 1, name, len);
	at[len + 1] = '"';
	at[len + 2] = ':';
	out->len += len + 3;
}

void json_member_text(struct buffer *out, const char *name, struct span value) {
	json_member_name(out, name);
	json_append_text(out, value);
}

void json_member_text_opt(struct buffer *out, const char *name, struct span value) {
	json_member_name(out, name);
	if (value.len > 0) {
		json_append_text(out, value);
	} else {
		buffer_append(out, "null", 4);
	}
}

void json_member_bytes(struct buffer *out, const char *name, struct span value) {
	json_member_name(out, name);
	json_append_bytes(out, value);
}

void json_member_int(struct buffer *out, const char *name, int64_t value) {
	json_member_name(out, name);
	/* cJSON and JavaScript read numbers as doubles: what does not fit travels as text. */
	bool fits = value <= (INT64_C(1) << 53) && value >= -(INT64_C(1) << 53);
	if (fits) {
		buffer_append_int(out, value);
	} else {
		buffer_printf(out, "\"%" PRId64 "\"", value);
	}
}

void json_member_bool(struct buffer *out, const char *name, bool value) {
	json_member_name(out, name);
	buffer_append_text(out, value ? "true" : "false");
}

/* cJSON recurses: what nests too deep is refused before it sees it. */
static bool too_deep(struct span text) {
	int depth = 0;
	bool in_string = false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (in_string) {
			if (c == '\\') {
				i++;
			} else if (c == '"') {
				in_string = false;
			}
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if (c == '}' || c == ']') {
			depth--;
		}
		if (depth > JSON_DEPTH) {
			return true;
		}
	}
	return false;
}

static bool only_blanks(const char *at, const char *end) {
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) {
		at++;
	}
	return at == end;
}

/* cJSON ends a text at its first NUL, so one is kept as two bytes that no UTF-8 has. */
#define NUL_ESCAPE "\\u0000"
#define NUL_KEPT "\xc0\x80"

static struct span find_nul(struct span text) {
	text = span_after(text, span_find(text, '\\'));
	while (text.len > 0 && !span_starts_with(text, span_text(NUL_ESCAPE))) {
		text = span_after(text, 2); /* the second may be a backslash of its own */
		text = span_after(text, span_find(text, '\\'));
	}
	return text;
}

/* False: there is none, and `out` is empty. */
static bool keep_nuls(struct buffer *out, struct span text) {
	struct span nul = find_nul(text);
	if (nul.len == 0) {
		return false;
	}
	buffer_reserve(out, text.len); /* never moves: there may be secrets in it */
	for (; nul.len > 0; nul = find_nul(text)) {
		buffer_append(out, text.data, text.len - nul.len);
		buffer_append_text(out, NUL_KEPT);
		text = span_after(nul, strlen(NUL_ESCAPE));
	}
	buffer_append_span(out, text);
	return true;
}

static struct cJSON *parse(struct span text, struct error *err) {
	const char *end = NULL;
	struct cJSON *parsed =
		cJSON_ParseWithLengthOpts(text.data ? text.data : "", text.len, &end, false);
	if (!parsed) {
		size_t at = end && text.data && end >= text.data ? (size_t)(end - text.data) : 0;
		error_set(err, ERROR_USAGE, "not JSON at byte %zu", at);
		return NULL;
	}
	if (!only_blanks(end, text.data + text.len)) {
		error_set(
			err, ERROR_USAGE, "something follows the JSON at byte %zu", (size_t)(end - text.data));
		cJSON_Delete(parsed);
		return NULL;
	}
	return parsed;
}

struct cJSON *json_parse(struct span text, struct error *err) {
	if (too_deep(text)) {
		error_set(err, ERROR_USAGE, "JSON nests deeper than %d levels", JSON_DEPTH);
		return NULL;
	}
	if (text.len > 0 && memchr(text.data, '\0', text.len)) {
		error_set(err, ERROR_USAGE, "JSON holds a NUL byte");
		return NULL;
	}
	struct buffer kept = {0};
	struct cJSON *parsed = keep_nuls(&kept, text) ? parse(buffer_span(&kept), NULL) : NULL;
	if (kept.len > 0) {
		OPENSSL_cleanse(kept.data, kept.len);
	}
	buffer_clear(&kept);
	return parsed ? parsed
	              : parse(text, err); /* where something is wrong is told of the text itself */
}

void json_append_parsed(struct buffer *out, const struct cJSON *item) {
	char *text = item ? cJSON_PrintUnformatted(item) : NULL;
	struct span rest = span_text(text ? text : "null");
	while (rest.len > 0) {
		bool is_nul = span_starts_with(rest, span_text(NUL_KEPT));
		buffer_append_span(out, is_nul ? span_text(NUL_ESCAPE) : (struct span){rest.data, 1});
		rest = span_after(rest, is_nul ? strlen(NUL_KEPT) : 1);
	}
	cJSON_free(text);
}

/* NULL when missing or null. */
static const struct cJSON *member(const struct cJSON *object, const char *name) {
	const struct cJSON *found = cJSON_IsObject(object) ? object->child : NULL;
	while (found && (found->string[0] != name[0] || strcmp(found->string, name) != 0)) {
		found = found->next;
	}
	return found && !cJSON_IsNull(found) ? found : NULL;
}

static bool expected(struct error *err, const char *what, const char *name) {
	return error_set(err, ERROR_USAGE, "expected %s at .%s", what, name);
}

static bool read_text(
	const struct cJSON *found, const char *name, struct span *value, struct error *err) {
	if (!cJSON_IsString(found)) {
		return expected(err, "a string", name);
	}
	*value = span_text(found->valuestring);
	return true;
}

bool json_get_text_opt(
	const struct cJSON *object, const char *name, struct span *value, struct error *err) {
	const struct cJSON *found = member(object, name);
	return !found || read_text(found, name, value, err);
}

bool json_get_text(
	const struct cJSON *object, const char *name, struct span *value, struct error *err) {
	const struct cJSON *found = member(object, name);
	return found ? read_text(found, name, value, err) : expected(err, "a string", name);
}

static bool int_from_text(const char *text, int64_t *value) {
	char *end;
	errno = 0;
	long long parsed = strtoll(text, &end, 10);
	if (errno || end == text || *end) {
		return false;
	}
	*value = parsed;
	return true;
}

static bool read_int(
	const struct cJSON *found, const char *name, int64_t *value, struct error *err) {
	if (cJSON_IsString(found)) {
		return int_from_text(found->valuestring, value) || expected(err, "an integer", name);
	}
	const double most = 9007199254740992.0; /* 2^53 */
	if (!cJSON_IsNumber(found) || !(found->valuedouble >= -most && found->valuedouble <= most) ||
		found->valuedouble != (double)(int64_t)found->valuedouble) {
		return expected(err, "an integer", name);
	}
	*value = (int64_t)found->valuedouble;
	return true;
}

bool json_get_int_opt(
	const struct cJSON *object, const char *name, int64_t *value, struct error *err) {
	const struct cJSON *found = member(object, name);
	return !found || read_int(found, name, value, err);
}

bool json_get_int(const struct cJSON *object, const char *name, int64_t *value, struct error *err) {
	const struct cJSON *found = member(object, name);
	return found ? read_int(found, name, value, err) : expected(err, "an integer", name);
}

bool json_get_bool_opt(
	const struct cJSON *object, const char *name, bool *value, struct error *err) {
	const struct cJSON *found = member(object, name);
	if (!found) {
		return true;
	}
	if (!cJSON_IsBool(found)) {
		return expected(err, "true or false", name);
	}
	*value = cJSON_IsTrue(found);
	return true;
}

bool json_bytes_from_text(struct buffer *out, struct span text) {
	size_t before = out->len;
	const unsigned char *s = (const unsigned char *)text.data;
	for (size_t i = 0; i < text.len; i++) {
		if (s[i] < 0x80) {
			buffer_append_byte(out, (char)s[i]);
		} else if (s[i] == 0xc0 && i + 1 < text.len && s[i + 1] == 0x80) { /* NUL_KEPT */
			buffer_append_byte(out, '\0');
			i++;
		} else if ((s[i] == 0xc2 || s[i] == 0xc3) && i + 1 < text.len &&
				   (s[i + 1] & 0xc0) == 0x80) {
			buffer_append_byte(out, (char)((s[i] & 3) << 6 | (s[i + 1] & 0x3f)));
			i++;
		} else {
			out->len = before;
			return false;
		}
	}
	return true;
}
