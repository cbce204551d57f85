/* Writes handshakes as constant C data; part of the build tool providers_compile. */
#pragma once

#include <stdio.h>

#include "common/signature/provider.h"

/* The members of struct provider that hold its handshakes. `put_text` writes a C string literal, or NULL. */
void handshake_write(
	FILE *out, const struct provider *provider, void (*put_text)(FILE *out, const char *text));
