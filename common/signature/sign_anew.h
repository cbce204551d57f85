/*
 * Signs a message that was received once more, at a moment and with a secret of choice, and says how that would be judged: what
 * replays are made with, and requests that an app has to refuse. Pure.
 */
#pragma once

#include "common/signature/signature.h"

#define SIGN_ANEW_HEADER_LEN 64

/* A secret as its owner keeps it. Both borrowed. */
struct plain_secret {
	const char *label;
	struct span value;
};

/* How a message is signed anew. */
struct sign_anew_order {
	int64_t at_ms;       /* the moment that is signed */
	int64_t now_ms;      /* the moment it is judged at */
	const char *label;   /* of the secret; NULL: the first */
	struct span made_id; /* as in struct sign_options */
	/* another secret of the same form is used instead of it; NULL: itself */
	const struct plain_secret *instead_of;
};

/* All zero is empty. */
struct sign_anew {
	struct buffer lines; /* header lines with CR LF, to stand in place of those of the same names */
	struct judgement
		judgement; /* of the message with these lines, by the keyring with the right secrets */
	char id_header
		[SIGN_ANEW_HEADER_LEN]; /* of `lines`: holds an id that is signed; "": there is none */
};
void sign_anew_clear(struct sign_anew *anew);

/* ERROR_USAGE when the scheme cannot be signed with what is known, or no other secret of this form can be made. */
bool sign_anew(struct keyring *keyring, const struct message *message,
	const struct sign_anew_order *order, struct sign_anew *anew, struct error *err);

/*
 * Appends the head of `message` with `lines` in it: each in the place of the first header of its name, whose repetitions are
 * left out, or behind all others. Everything else byte for byte.
 */
void sign_anew_head(struct buffer *out, const struct message *message, struct span lines);

/*
 * Appends a secret that is another but looks the same: letters and digits are exchanged for others of their kind (hexadecimal
 * ones stay so), but for a prefix such as "whsec_" or "user:" and the last four, which may be padding. The same each time.
 */
void sign_anew_other_secret(struct buffer *out, struct span secret);
