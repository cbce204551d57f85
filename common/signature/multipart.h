/* One field of a multipart/form-data body (RFC 7578), found without copying. */
#pragma once

#include "common/message.h"

/*
 * The content of the first field of that name, as it stands in the body; an empty span with data NULL when there is none or
 * the body is no such form.
 */
struct span multipart_find(const struct message *message, struct span name);
