/*
 * Makes a provider out of its file: the one reader for the compiled-in ones (at build time) and a user's own (at run
 * time). What it accepts is bounded and complete: a provider that was read can be used without further checks, but for
 * values that come from parameters.
 */
#pragma once

#include "common/arena.h"
#include "common/error.h"
#include "common/signature/provider.h"
#include "common/yaml.h"

/* Longest name of a provider: small letters, digits, '-' and '.', beginning with a letter or digit. */
#define PROVIDER_NAME_LEN 63

/*
 * Everything lives in `arena`, also what was read before an error. The name is the file's without folder and ".yaml".
 * NULL and ERROR_CONFIG with file:line:column when something is wrong.
 */
const struct provider *provider_read(
	struct arena *arena, const struct yaml_document *document, struct error *err);
