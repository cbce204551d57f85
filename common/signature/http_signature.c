#include "common/signature/http_signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/signature/encoding.h"

/* More digits are no moment. */
#define DIGITS_MAX 15

static bool say(char *reason, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool say(char *reason, const char *format, ...) {
	va_list args;
	va_start(args, format);
	vsnprintf(reason, HTTP_SIGNATURE_REASON_LEN, format, args);
	va_end(args);
	return false;
}

static bool is_key_byte(char byte, bool first) {
	return (byte >= 'a' && byte <= 'z') || byte == '*' ||
	       (!first && ((byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.'));
}

/* A key of a dictionary or parameter (RFC 8941). */
static bool take_key(struct span *rest, struct span *key) {
	size_t len = 0;
	while (len < rest->len && is_key_byte(rest->data[len], len == 0)) {
		len++;
	}
	*key = (struct span){rest->data, len};
	*rest = span_after(*rest, len);
	return len > 0;
}

static bool take_byte(struct span *rest, char byte) {
	if (rest->len == 0 || rest->data[0] != byte) {
		return false;
	}
	*rest = span_after(*rest, 1);
	return true;
}

/* A string without escapes: nothing that stands here needs one. */
static bool take_string(struct span *rest, struct span *text) {
	if (!take_byte(rest, '"')) {
		return false;
	}
	size_t len = 0;
	while (len < rest->len && rest->data[len] != '"') {
		unsigned char byte = (unsigned char)rest->data[len++];
		if (byte < 0x20 || byte > 0x7e || byte == '\\') {
			return false;
		}
	}
	*text = (struct span){rest->data, len};
	*rest = span_after(*rest, len);
	return take_byte(rest, '"');
}

static bool take_number(struct span *rest, int64_t *number) {
	size_t len = 0;
	*number = 0;
	while (len < rest->len && rest->data[len] >= '0' && rest->data[len] <= '9') {
		*number = *number * 10 + (rest->data[len++] - '0');
		if (len > DIGITS_MAX) {
			return false;
		}
	}
	*rest = span_after(*rest, len);
	return len > 0;
}

static bool take_component(struct http_signature *signature, struct span *rest, char *reason) {
	struct span name;
	if (!take_string(rest, &name) || name.len == 0) {
		return say(reason, "Signature-Input is no list of components in quotes");
	}
	if (rest->len > 0 && rest->data[0] == ';') {
		return say(reason, "the signature covers \"%.*s\" with parameters, which is not known here",
			(int)(name.len < 64 ? name.len : 64), name.data);
	}
	for (size_t i = 0; i < signature->component_count; i++) {
		if (span_equal(signature->components[i], name)) {
			return say(reason, "the signature covers a component twice");
		}
	}
	if (signature->component_count == HTTP_COMPONENTS_MAX) {
		return say(reason, "the signature covers more than %d components", HTTP_COMPONENTS_MAX);
	}
	signature->components[signature->component_count++] = name;
	return true;
}

static bool take_components(struct http_signature *signature, struct span *rest, char *reason) {
	if (!take_byte(rest, '(')) {
		return say(reason, "Signature-Input is no list of components");
	}
	while (!take_byte(rest, ')')) {
		if (signature->component_count > 0 && !take_byte(rest, ' ')) {
			return say(reason, "Signature-Input is not spelled as it is signed");
		}
		if (!take_component(signature, rest, reason)) {
			return false;
		}
	}
	return true;
}

static bool take_parameter(struct http_signature *signature, struct span *rest, char *reason) {
	struct span name, text = {NULL, 0};
	int64_t number = -1;
	if (!take_key(rest, &name) || !take_byte(rest, '=') ||
		!(rest->len > 0 && rest->data[0] == '"' ? take_string(rest, &text)
												: take_number(rest, &number))) {
		return say(reason, "a parameter in Signature-Input is neither a number nor a text");
	}
	if (span_is(name, "created") || span_is(name, "expires")) {
		int64_t *moment = name.data[0] == 'c' ? &signature->created_s : &signature->expires_s;
		if (number < 0 || *moment >= 0) {
			return say(reason, "%.*s in Signature-Input is no moment, or stands there twice",
				(int)name.len, name.data);
		}
		*moment = number;
	} else if (span_is(name, "keyid") || span_is(name, "alg")) {
		struct span *place = name.data[0] == 'k' ? &signature->key_id : &signature->algorithm;
		if (!text.data || place->data) {
			return say(reason, "%.*s in Signature-Input is no text, or stands there twice",
				(int)name.len, name.data);
		}
		*place = text;
	}
	return true; /* nonce, tag and what comes later are signed, and say nothing to us */
}

static bool take_signature(struct http_signature *signature, struct span *rest, char *reason) {
	*signature = (struct http_signature){.created_s = -1, .expires_s = -1};
	if (!take_key(rest, &signature->label) || !take_byte(rest, '=')) {
		return say(reason, "Signature-Input is no list of label=(...)");
	}
	const char *begin = rest->data;
	if (!take_components(signature, rest, reason)) {
		return false;
	}
	while (take_byte(rest, ';')) {
		if (!take_parameter(signature, rest, reason)) {
			return false;
		}
	}
	signature->input = (struct span){begin, (size_t)(rest->data - begin)};
	return true;
}

/* The comma between two members, with the blanks RFC 8941 allows around it. What is left at the end is too much. */
static bool take_comma(struct span *rest) {
	struct span next = span_trim(*rest);
	*rest = next;
	if (!take_byte(&next, ',')) {
		return false;
	}
	next = span_trim(next);
	bool more = next.len > 0;
	*rest = more ? next : *rest;
	return more;
}

size_t http_signature_parse(
	struct http_signature signatures[HTTP_SIGNATURES_MAX], struct span input, char *reason) {
	size_t count = 0;
	struct span rest = span_trim(input);
	do {
		if (count == HTTP_SIGNATURES_MAX) {
			say(reason, "more than %d signatures", HTTP_SIGNATURES_MAX);
			return 0;
		}
		if (!take_signature(&signatures[count], &rest, reason)) {
			return 0;
		}
		for (size_t i = 0; i < count; i++) {
			if (span_equal(signatures[i].label, signatures[count].label)) {
				say(reason, "two signatures in Signature-Input have one label");
				return 0;
			}
		}
		count++;
	} while (take_comma(&rest));
	if (rest.len > 0) {
		say(reason, "Signature-Input is no list of label=(...)");
		return 0;
	}
	return count;
}

/* label=:base64: */
static bool take_bytes(struct span *rest, struct span *label, struct span *base64) {
	if (!take_key(rest, label) || !take_byte(rest, '=') || !take_byte(rest, ':')) {
		return false;
	}
	*base64 = (struct span){rest->data, span_find(*rest, ':')};
	*rest = span_after(*rest, base64->len);
	return take_byte(rest, ':');
}

bool http_signature_bytes(struct span header, struct span label, struct buffer *out, char *reason) {
	struct span rest = span_trim(header), name, base64, found = {NULL, 0};
	do {
		if (!take_bytes(&rest, &name, &base64)) {
			return say(reason, "Signature is no list of label=:base64:");
		}
		if (span_equal(name, label)) {
			if (found.data) {
				return say(reason, "two signatures in Signature have one label");
			}
			found = base64;
		}
	} while (take_comma(&rest));
	if (rest.len > 0) {
		return say(reason, "Signature is no list of label=:base64:");
	}
	if (!found.data) {
		return say(reason, "Signature has none for a label of Signature-Input");
	}
	return encoding_decode(out, ENCODING_BASE64, found) ||
	       say(reason, "the signature in Signature is not base64");
}

bool http_signature_covers(const struct http_signature *signature, const char *component) {
	for (size_t i = 0; i < signature->component_count; i++) {
		if (span_is(signature->components[i], component)) {
			return true;
		}
	}
	return false;
}

bool http_header_joined(const struct message *message, struct span name, struct buffer *out) {
	bool found = false;
	for (size_t i = 0; i < message->header_count; i++) {
		if (span_equal_nocase(message->headers[i].name, name)) {
			buffer_append_text(out, found ? ", " : "");
			buffer_append_span(out, span_trim(message->headers[i].value));
			found = true;
		}
	}
	return found;
}

/* The parts of the URL that components are made of. */
struct parts {
	struct span scheme, authority, path, query; /* the query with its '?' */
};

static struct parts split(struct span url) {
	struct parts parts = {.path = url};
	size_t colon = span_find(url, ':');
	struct span rest = span_after(url, colon);
	if (span_starts_with(rest, span_text("://"))) {
		parts.scheme = (struct span){url.data, colon};
		rest = span_after(rest, 3);
		size_t end = 0;
		while (end < rest.len && !strchr("/?#", rest.data[end])) {
			end++;
		}
		parts.authority = (struct span){rest.data, end};
		parts.path = span_after(rest, end);
	}
	parts.path.len = span_find(parts.path, '#');
	size_t mark = span_find(parts.path, '?');
	parts.query = span_after(parts.path, mark);
	parts.path.len = mark;
	return parts;
}

static void append_lower(struct buffer *out, struct span text) {
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.data[i];
		buffer_append_byte(out, byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte);
	}
}

/* Host in small letters, without the port that is the scheme's own. */
static void append_authority(struct buffer *out, const struct parts *parts) {
	bool tls = span_equal_nocase(parts->scheme, span_text("https"));
	struct span port = span_text(tls ? ":443" : ":80"), authority = parts->authority;
	if (authority.len > port.len &&
		span_equal(span_after(authority, authority.len - port.len), port)) {
		authority.len -= port.len;
	}
	append_lower(out, authority);
}

static void append_path(struct buffer *out, const struct parts *parts) {
	buffer_append_span(out, parts->path.len > 0 ? parts->path : span_text("/"));
}

/* A component that begins with '@'; false for one that is not known here. */
static bool append_derived(
	struct buffer *out, struct span name, const struct message *message, struct span url) {
	struct parts parts = split(url);
	if (span_is(name, "@method")) {
		buffer_append_span(out, message->method);
	} else if (span_is(name, "@target-uri")) {
		buffer_append_span(out, url);
	} else if (span_is(name, "@authority")) {
		append_authority(out, &parts);
	} else if (span_is(name, "@scheme")) {
		append_lower(out, parts.scheme);
	} else if (span_is(name, "@request-target")) {
		append_path(out, &parts);
		buffer_append_span(out, parts.query);
	} else if (span_is(name, "@path")) {
		append_path(out, &parts);
	} else if (span_is(name, "@query")) {
		buffer_append_span(out, parts.query.len > 0 ? parts.query : span_text("?"));
	} else {
		return false;
	}
	return true;
}

static bool append_component(struct buffer *out, struct span name, const struct message *message,
	struct span url, char *reason) {
	buffer_append_byte(out, '"');
	buffer_append_span(out, name);
	buffer_append_text(out, "\": ");
	int shown = (int)(name.len < 64 ? name.len : 64);
	if (name.data[0] == '@') {
		if (!append_derived(out, name, message, url)) {
			return say(
				reason, "the signature covers %.*s, which is not known here", shown, name.data);
		}
	} else if (!http_header_joined(message, name, out)) {
		return say(reason, "%.*s is missing, which is part of what is signed", shown, name.data);
	}
	buffer_append_byte(out, '\n');
	return true;
}

bool http_signature_base(const struct http_signature *signature, const struct message *message,
	struct span url, struct buffer *out, char *reason) {
	for (size_t i = 0; i < signature->component_count; i++) {
		if (!append_component(out, signature->components[i], message, url, reason)) {
			return false;
		}
	}
	buffer_append_text(out, "\"@signature-params\": ");
	buffer_append_span(out, signature->input);
	return true;
}

static bool is_digest(struct span body, const EVP_MD *hash, struct span base64) {
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	struct buffer given = {0};
	bool same = EVP_Digest(body.data ? body.data : "", body.len, digest, &len, hash, NULL) == 1 &&
	            encoding_decode(&given, ENCODING_BASE64, base64) && given.len == len &&
	            CRYPTO_memcmp(given.data, digest, len) == 0;
	buffer_clear(&given);
	return same;
}

static bool check_digests(struct span body, struct span header, char *reason) {
	struct span rest = span_trim(header), name, base64;
	size_t known = 0;
	do {
		if (!take_bytes(&rest, &name, &base64)) {
			return say(reason, "Content-Digest is no list of sha-256=:base64:");
		}
		const EVP_MD *hash = span_is(name, "sha-256")   ? EVP_sha256()
		                     : span_is(name, "sha-512") ? EVP_sha512()
		                                                : NULL;
		if (hash && !is_digest(body, hash, base64)) {
			return say(reason, "Content-Digest is that of another body");
		}
		known += hash != NULL;
	} while (take_comma(&rest));
	if (rest.len > 0) {
		return say(reason, "Content-Digest is no list of sha-256=:base64:");
	}
	return known > 0 || say(reason, "Content-Digest has neither sha-256 nor sha-512");
}

bool http_content_digest_check(const struct message *message, char *reason) {
	struct buffer header = {0};
	bool ok = http_header_joined(message, span_text("content-digest"), &header)
	              ? check_digests(message->body, buffer_span(&header), reason)
	              : say(reason, "Content-Digest is missing, which ties the body in");
	buffer_clear(&header);
	return ok;
}
