/* From a secret as the provider shows it to the bytes of a key. */
#pragma once

#include "common/signature/keyring.h"

/* Runs the steps of the recipe and appends the key; the error names what was expected. Leaves no copy of the secret behind. */
bool key_steps_run(struct keyring *keyring, const struct recipe *recipe, struct span secret,
	struct buffer *key, struct error *err);

/* Overwrites what a secret stood in, and frees it. */
void key_steps_wipe(struct buffer *buffer);
