/*
 * JSON web tokens in compact form (RFC 7515, RFC 7519), taken apart strictly: base64url without padding or stray bits, each
 * member once, bounded. What a token says of itself decides nothing: which algorithms count is the recipe's to say.
 */
#pragma once

#include "common/signature/json_object.h"
#include "common/signature/public_key.h"

#define JWT_BYTES_MAX ((size_t)1024 * 1024) /* of a token that is a body, too */
#define JWT_HEADER_BYTES_MAX ((size_t)8 * 1024)
#define JWT_REASON_LEN 200

/* A token taken apart. Spans point into the token, or into `bytes` of this struct. */
struct jwt {
	struct span signed_text; /* header and claims as they travel, with the '.' between them */
	struct span header_text, claims_text; /* decoded JSON; of a detached token, claims are empty */
	struct json_object header, claims;
	int algorithm;   /* index into algorithm_tokens, or -1 for one we do not know */
	struct span kid; /* key id, or empty */
	struct span signature;
	struct buffer bytes[5];
};

/*
 * False, with a sentence in `reason` (JWT_REASON_LEN), for anything that is no such token: three parts, a JOSE header
 * with `alg` and without `crit`, claims that are an object. `detached`: the middle part is empty and stands elsewhere. Free with
 * jwt_clear in any case; `jwt` begins all zero.
 */
bool jwt_read(struct jwt *jwt, struct span token, bool detached, char *reason);
void jwt_clear(struct jwt *jwt);
