#include "common/signature/key_steps.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "common/signature/encoding.h"

void key_steps_wipe(struct buffer *buffer) {
	if (buffer->data) {
		OPENSSL_cleanse(buffer->data, buffer->capacity);
	}
	buffer_clear(buffer);
}

/* Length of "signkey-prod-" at the front: the prefix, a word, a '-'; 0 when it is not there. */
static size_t tag_len(struct span in, struct span prefix) {
	size_t at = prefix.len;
	if (!span_starts_with(in, prefix)) {
		return 0;
	}
	while (at < in.len && ((in.data[at] >= '0' && in.data[at] <= '9') || in.data[at] == '_' ||
							  ((in.data[at] | 32) >= 'a' && (in.data[at] | 32) <= 'z'))) {
		at++;
	}
	return at > prefix.len && at < in.len && in.data[at] == '-' ? at + 1 : 0;
}

static bool append_nfkd(struct buffer *out, struct span in) {
	utf8proc_uint8_t *text = NULL;
	utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)in.data, (utf8proc_ssize_t)in.len,
		&text, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT);
	if (len < 0) {
		return false;
	}
	buffer_append(out, text, (size_t)len);
	OPENSSL_cleanse(text, (size_t)len);
	free(text);
	return true;
}

/* The key of `secret` after one step, into `out`; the sentence says what was expected. */
static bool apply(struct keyring *keyring, const struct key_op *op, struct span in,
	struct buffer *out, struct error *err) {
	struct span prefix = span_text(op->text);
	unsigned char digest[EVP_MAX_MD_SIZE];
	switch (op->kind) {
	case KEY_NEED_PREFIX:
		if (!span_starts_with(in, prefix)) {
			return error_set(err, ERROR_USAGE, "a secret of this kind begins with %s", op->text);
		}
		buffer_append_span(out, span_after(in, prefix.len));
		return true;
	case KEY_STRIP_PREFIX:
		buffer_append_span(out, span_starts_with(in, prefix) ? span_after(in, prefix.len) : in);
		return true;
	case KEY_BASE64:
		return encoding_decode(out, ENCODING_BASE64, in) ||
		       error_set(err, ERROR_USAGE, "the secret is not base64");
	case KEY_HEX:
		return encoding_decode(out, ENCODING_HEX, in) ||
		       error_set(err, ERROR_USAGE, "the secret is not hexadecimal");
	case KEY_APPEND:
		buffer_append_span(out, in);
		buffer_append_span(out, prefix);
		return true;
	case KEY_PREPEND:
		buffer_append_text(out, keyring_text(keyring, op->text));
		buffer_append_span(out, in);
		return true;
	case KEY_STRIP_TAG:
		buffer_append_span(out, span_after(in, tag_len(in, prefix)));
		return true;
	case KEY_NFKD:
		return append_nfkd(out, in) || error_set(err, ERROR_USAGE, "the secret is not UTF-8");
	case KEY_SHA1:
		buffer_append(out, digest, keyring_digest(keyring, HASH_SHA1, in, digest));
		OPENSSL_cleanse(digest, sizeof digest);
		return true;
	}
	return false;
}

/* Runs all steps; names the prefix when what follows it is wrong. */
bool key_steps_run(struct keyring *keyring, const struct recipe *recipe, struct span secret,
	struct buffer *key, struct error *err) {
	buffer_append_span(key, secret);
	for (size_t i = 0; i < recipe->key_op_count; i++) {
		struct buffer next = {0};
		const struct key_op *op = &recipe->key_ops[i], *before = i > 0 ? op - 1 : NULL;
		buffer_reserve(&next, key->len + 1024); /* so that growing leaves no copy behind */
		bool ok = apply(keyring, op, buffer_span(key), &next, err);
		key_steps_wipe(key);
		*key = next;
		if (!ok && before && before->text && op->kind == KEY_BASE64) {
			return error_set(err, ERROR_USAGE, "expected base64 after %s", before->text);
		}
		if (!ok) {
			return false;
		}
	}
	return key->len > 0 || error_set(err, ERROR_USAGE, "nothing is left of the secret as a key");
}
