/* Whether a scheme is one for a request: its `when`. */
#pragma once

#include "common/signature/keyring.h"

enum when_answer {
	WHEN_APPLIES,
	WHEN_DIFFERS, /* the value is there, but another than the one expected */
	WHEN_OTHER,   /* this scheme is for other requests */
};

enum when_answer when_asks(
	struct keyring *keyring, const struct scheme *scheme, const struct message *message);
