/* The secrets of an endpoint (`a` in an open event): their labels, as the relay tells them, never their values. Part of the model. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/event.h"

/* Secrets that can be chosen, one a digit. */
#define SECRETS_SHOWN 9
#define SECRET_LABEL_LEN 64

/* One of an endpoint. */
struct secret_label {
	char label[SECRET_LABEL_LEN + 1], provider[64], fingerprint[17];
};

struct secret_panel {
	char endpoint[ENDPOINT_NAME_LEN + 1];
	char provider[64]; /* of the endpoint; "": recognised by headers */
	struct secret_label list[SECRETS_SHOWN];
	size_t count;
	bool loading, more; /* than are shown */
	char error[200];
	char chosen[SECRET_LABEL_LEN + 1]; /* whose value is typed */
	uint32_t ahead;     /* while `loading`: the key that has chosen already; 0: none */
	struct buffer held; /* and the value that was typed to its end, until it is known whose it is */
};

/* Wipes what is held. */
void secret_panel_clear(struct secret_panel *panel);
