/* How bodies, queries and headers are masked, for masking*.c alone. */
#pragma once

#include "common/buffer.h"
#include "tui/screen/masking.h"

/*
 * Appends the body with values masked; returns how many were. What stands behind a mistake in JSON is masked as a whole: nobody can tell what it is. What
 * is not JSON from its beginning has no fields.
 */
size_t masking_json(struct buffer *out, const struct masking *masking, struct span body);
/*
 * The same of a form, by names alone, as they are once their escapes are undone ("user[email]" counts as "email", too); a value that is JSON or an address has
 * fields of its own.
 */
size_t masking_form(struct buffer *out, const struct masking *masking, struct span body);
/* Whether a text begins as JSON does. */
bool masking_is_json(struct span text);
/* Either of them; `form`: it says that it is one, which what looks like JSON is not. */
size_t masking_fields(
	struct buffer *out, const struct masking *masking, struct span body, bool form);
/* Whether a field of that name, escapes undone, is masked wherever it stands. */
bool masking_has_name(const struct masking *masking, struct span name);
bool masking_has_header(const struct masking *masking, struct span name);
/* The same of a multipart body, whose parts are fields with names or bodies of their own. */
size_t masking_multipart(
	struct buffer *out, const struct masking *masking, struct span body, struct span boundary);
/* The same of what may stand in a header: JSON, or text with "name=value" in it, as an address has. Names that usually are passwords count, too. */
size_t masking_header_value(struct buffer *out, const struct masking *masking, struct span value);
size_t masking_pairs(struct buffer *out, const struct masking *masking, struct span text);
