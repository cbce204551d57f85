#include "common/signature/jwt.h"

#include <stdio.h>
#include <string.h>

#include "common/signature/encoding.h"

static bool refuse(char *reason, const char *what, const char *why) {
	snprintf(reason, JWT_REASON_LEN, "%s %s", what, why);
	return false;
}

/* base64url as JWS has it: no padding. */
static bool decode(struct span part, struct buffer *out) {
	return (part.len == 0 || part.data[part.len - 1] != '=') &&
	       encoding_decode(out, ENCODING_BASE64URL, part);
}

static bool read_header(struct jwt *jwt, struct span part, char *reason) {
	const char *why;
	if (part.len > JWT_HEADER_BYTES_MAX || !decode(part, &jwt->bytes[0])) {
		return refuse(reason, "the first part of the token", "is not base64url, or too long");
	}
	jwt->header_text = buffer_span(&jwt->bytes[0]);
	if (!json_object_read(&jwt->header, jwt->header_text, &why)) {
		return refuse(reason, "the header of the token", why);
	}
	if (!json_object_text(&jwt->header, "alg", &jwt->bytes[3])) {
		return refuse(reason, "the header of the token", "names no algorithm");
	}
	if (json_object_get(&jwt->header, "crit").data) {
		return refuse(reason, "the header of the token",
			"asks for an extension that is not known here (crit)");
	}
	jwt->algorithm = algorithm_index(algorithm_tokens, buffer_span(&jwt->bytes[3]));
	json_object_text(&jwt->header, "kid", &jwt->bytes[4]);
	jwt->kid = buffer_span(&jwt->bytes[4]);
	return true;
}

static bool read_claims(struct jwt *jwt, struct span part, bool detached, char *reason) {
	const char *why;
	if (detached) {
		return part.len == 0 ||
		       refuse(reason, "the token", "carries its text, though it is to be detached");
	}
	if (!decode(part, &jwt->bytes[1])) {
		return refuse(reason, "the second part of the token", "is not base64url");
	}
	jwt->claims_text = buffer_span(&jwt->bytes[1]);
	return json_object_read(&jwt->claims, jwt->claims_text, &why) ||
	       refuse(reason, "the second part of the token", why);
}

bool jwt_read(struct jwt *jwt, struct span token, bool detached, char *reason) {
	if (token.len > JWT_BYTES_MAX) {
		return refuse(reason, "the token", "is too long");
	}
	struct span rest = token, parts[3] = {{NULL, 0}};
	size_t count = 0;
	for (; count < 3 && rest.data; count++) {
		bool last = span_find(rest, '.') == rest.len;
		parts[count] = span_cut(&rest, '.');
		if (last) {
			rest = (struct span){NULL, 0};
		}
	}
	if (count < 3 || rest.data) {
		return refuse(reason, "what stands there", "is no token: it has not three parts");
	}
	jwt->signed_text = (struct span){token.data, parts[0].len + 1 + parts[1].len};
	if (!read_header(jwt, parts[0], reason) || !read_claims(jwt, parts[1], detached, reason)) {
		return false;
	}
	if (!decode(parts[2], &jwt->bytes[2])) {
		return refuse(reason, "the signature of the token", "is not base64url");
	}
	jwt->signature = buffer_span(&jwt->bytes[2]);
	return true;
}

void jwt_clear(struct jwt *jwt) {
	json_object_clear(&jwt->header);
	json_object_clear(&jwt->claims);
	for (size_t i = 0; i < sizeof jwt->bytes / sizeof jwt->bytes[0]; i++) {
		buffer_clear(&jwt->bytes[i]);
	}
	*jwt = (struct jwt){0};
}
