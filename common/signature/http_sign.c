/* Makes HTTP message signatures (RFC 9421): the digest of the body, what is covered, and the signature over both. */
#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/signature/encoding.h"
#include "common/signature/http_signature.h"
#include "common/signature/public_judge.h"
#include "common/signature/request_url.h"
#include "common/signature/timestamp.h"

/* What is covered where the message does not say, and how such a signature is called. */
#define COVERED "(\"@method\" \"@target-uri\" \"content-digest\")"
#define LABEL "sig1"

struct making {
	const struct public_case *of;
	const struct sign_options *options;
	const struct algorithm *algorithm;
	const char *key_id; /* "": none is named */
	int64_t created_s;
	struct message message; /* as it will be: with the digest of its body */
	struct buffer digest;   /* value of Content-Digest */
	struct buffer input;    /* what is covered, with its parameters */
	struct error *err;
};

static int64_t moment_of(const struct sign_options *options) {
	int64_t ms = options->now_ms;
	if (options->timestamp.len > 0) {
		timestamp_parse(&ms, UNIT_S, options->timestamp);
	}
	return ms / 1000;
}

static void make_digest(struct making *making) {
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct span body = making->of->message->body;
	size_t len = keyring_digest(making->of->keyring, HASH_SHA256, body, digest);
	buffer_append_text(&making->digest, "sha-256=:");
	encoding_append(&making->digest, ENCODING_BASE64, (struct span){(const char *)digest, len});
	buffer_append_byte(&making->digest, ':');
}

/* The message with that digest alone. */
static void put_digest(struct making *making) {
	const struct message *from = making->of->message;
	struct message *to = &making->message;
	*to = *from;
	to->headers = alloc_zero(from->header_count + 1, sizeof *to->headers);
	to->header_count = 0;
	for (size_t i = 0; i < from->header_count; i++) {
		if (!span_equal_nocase(from->headers[i].name, span_text("content-digest"))) {
			to->headers[to->header_count++] = from->headers[i];
		}
	}
	to->headers[to->header_count++] =
		(struct header){.name = span_text("Content-Digest"), .value = buffer_span(&making->digest)};
}

/* Cuts the next parameter off; a ';' inside of quotes is none. */
static struct span next_parameter(struct span *rest) {
	size_t at = 0;
	bool quoted = false;
	while (at < rest->len && (quoted || rest->data[at] != ';')) {
		quoted ^= rest->data[at++] == '"';
	}
	struct span parameter = {rest->data, at};
	*rest = span_after(*rest, at < rest->len ? at + 1 : at);
	return parameter;
}

static void add_number(struct buffer *out, const char *name, int64_t number) {
	buffer_printf(out, ";%s=%" PRId64, name, number);
}

/* What an earlier signature covers and says of itself, but for the moment, the key and the algorithm. */
static void renew_input(struct making *making, const struct http_signature *old) {
	struct buffer *out = &making->input;
	struct span rest = old->input;
	size_t covered = span_find(rest, ')') + 1;
	buffer_append(out, rest.data, covered < rest.len ? covered : rest.len);
	rest = span_after(rest, covered < rest.len ? covered + 1 : rest.len);
	while (rest.len > 0) {
		struct span parameter = next_parameter(&rest), value = parameter;
		struct span name = span_cut(&value, '=');
		if (span_is(name, "created")) {
			add_number(out, "created", making->created_s);
		} else if (span_is(name, "expires")) {
			int64_t life_s = old->expires_s - (old->created_s >= 0 ? old->created_s : 0);
			add_number(out, "expires", old->created_s >= 0 ? making->created_s + life_s : life_s);
		} else if (span_is(name, "alg")) {
			buffer_printf(out, ";alg=\"%s\"", making->algorithm->name);
		} else if (span_is(name, "keyid") && *making->key_id) {
			buffer_printf(out, ";keyid=\"%s\"", making->key_id);
		} else {
			buffer_append_byte(out, ';');
			buffer_append_span(out, parameter);
		}
	}
}

static void make_input(struct making *making) {
	buffer_append_text(&making->input, COVERED);
	add_number(&making->input, "created", making->created_s);
	if (*making->key_id) {
		buffer_printf(&making->input, ";keyid=\"%s\"", making->key_id);
	}
	buffer_printf(&making->input, ";alg=\"%s\"", making->algorithm->name);
}

static bool append_mac(
	const struct making *making, const struct key *key, struct span base, struct buffer *out) {
	unsigned char mac[EVP_MAX_MD_SIZE];
	size_t len = 0;
	bool ok = EVP_Q_mac(NULL, "HMAC", NULL, making->algorithm->digest, NULL, key->text.data,
				  key->text.len, (const unsigned char *)base.data, base.len, mac, sizeof mac,
				  &len) != NULL;
	buffer_append(out, mac, ok ? len : 0);
	OPENSSL_cleanse(mac, sizeof mac);
	return ok;
}

/* The bytes of the signature over what `input` says. */
static bool append_signature(struct making *making, const struct key *key, struct buffer *out) {
	struct http_signature signatures[HTTP_SIGNATURES_MAX];
	char reason[HTTP_SIGNATURE_REASON_LEN];
	struct buffer whole = {0}, base = {0}, url = {0};
	const struct private_key *private_key = making->options->private_key;
	struct request_url parts = request_url_of(
		&making->message, keyring_parameter(making->of->keyring, REQUEST_URL_PARAMETER));
	request_url_append(&url, &parts, URL_PORT_AS_IS);
	buffer_append_text(&whole, LABEL "=");
	buffer_append_span(&whole, buffer_span(&making->input));
	bool ok =
		http_signature_parse(signatures, buffer_span(&whole), reason) == 1 &&
		http_signature_base(&signatures[0], &making->message, buffer_span(&url), &base, reason);
	if (!ok) {
		error_set(making->err, ERROR_USAGE, "%s", reason);
	} else {
		struct span text = buffer_span(&base);
		ok = private_key ? private_key_sign(private_key, making->algorithm->signature,
							   EVP_get_digestbyname(making->algorithm->digest), &text, 1, out)
		                 : append_mac(making, key, text, out);
		ok = ok || error_set(making->err, ERROR_IO, "OpenSSL could not make the signature");
	}
	buffer_clear(&whole);
	buffer_clear(&base);
	buffer_clear(&url);
	return ok;
}

static void append_lines(
	const struct making *making, struct span label, struct span signature, struct buffer *lines) {
	buffer_append_text(lines, "Content-Digest: ");
	buffer_append_span(lines, buffer_span(&making->digest));
	buffer_append_text(lines, "\r\nSignature-Input: ");
	buffer_append_span(lines, label);
	buffer_append_byte(lines, '=');
	buffer_append_span(lines, buffer_span(&making->input));
	buffer_append_text(lines, "\r\nSignature: ");
	buffer_append_span(lines, label);
	buffer_append_text(lines, "=:");
	encoding_append(lines, ENCODING_BASE64, signature);
	buffer_append_text(lines, ":\r\n");
}

/* The id the key is named by; an earlier signature's own is kept where nothing says another. */
static const char *key_id_of(const struct making *making) {
	const char *wanted = keyring_parameter(making->of->keyring, "keyid");
	return wanted && *wanted ? wanted : making->options->private_key ? PRIVATE_KEY_ID : "";
}

bool http_sign(const struct public_case *of, const struct sign_options *options,
	const struct key *key, struct buffer *lines, struct error *err) {
	const struct scheme *scheme = &of->keyring->schemes[of->scheme_index];
	struct making making = {.of = of,
		.options = options,
		.algorithm = &algorithm_http[scheme->algorithm],
		.created_s = moment_of(options),
		.err = err};
	struct http_signature old[HTTP_SIGNATURES_MAX];
	char reason[HTTP_SIGNATURE_REASON_LEN];
	struct buffer input = {0}, signature = {0};
	making.key_id = key_id_of(&making);
	bool renews = http_header_joined(of->message, span_text("Signature-Input"), &input) &&
	              http_signature_parse(old, buffer_span(&input), reason) > 0 &&
	              http_signature_covers(&old[0], "content-digest");
	make_digest(&making);
	put_digest(&making);
	if (renews) {
		renew_input(&making, &old[0]);
	} else {
		make_input(&making);
	}
	bool ok = append_signature(&making, key, &signature);
	if (ok) {
		append_lines(
			&making, renews ? old[0].label : span_text(LABEL), buffer_span(&signature), lines);
	}
	free(making.message.headers);
	buffer_clear(&making.digest);
	buffer_clear(&making.input);
	buffer_clear(&input);
	buffer_clear(&signature);
	return ok;
}
