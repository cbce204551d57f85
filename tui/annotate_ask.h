/* The request that marks an event or writes a note to it (docs/protocol.md, `annotate`). */
#pragma once

#include "tui/client.h"

/*
 * `ref` is "stripe#1042" or an id. `marked`: 1, 0, or -1: as it is. `note`: NULL data: as it is. Asked again when the link
 * breaks before the answer, which changes nothing. `answered` gets NULL, or why not: ERROR_NO when there is no such event.
 */
client_request annotate_ask(struct client *client, struct span ref, int marked, struct span note,
	struct span who, client_answer_fn *answered, void *data);
