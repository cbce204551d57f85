/* Which version of a provider's recipes a verdict was made with. */
#pragma once

#include "common/signature/provider.h"

/* Hexadecimal digits. */
#define RECIPE_VERSION_LEN 8

/* The same text for the same recipes, in every run; another one as soon as one of them judges by something else. */
void recipe_version(const struct provider *provider, char version[RECIPE_VERSION_LEN + 1]);
