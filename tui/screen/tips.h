/* Tips for whoever is new here: each goes away once it was followed, and all of them with `:tips off`. */
#pragma once

#include <stdbool.h>

#include "tui/screen/action.h"

struct tips {
	bool on;
	unsigned learned; /* bits of those that were followed */
};

struct tip {
	enum action action;
	const char *text; /* what its key does */
};

struct model;
/* The one for what is on the screen; NULL: there is none. */
const struct tip *tips_now(const struct model *model);
