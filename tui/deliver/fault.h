/* What is done wrong on purpose while a request is sent: to prove that an app stands it. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct deliver_fault {
	bool cut;        /* the connection is closed in the middle of the body, */
	size_t cut_body; /* after so many bytes of it; without a body: before the head ends */
	int64_t drip_ms; /* the body comes slowly, over so long; 0: at once */
};

/* How many bytes of a request may have been sent `elapsed_ms` after its beginning. `body_len` is how many of them are its body. */
size_t fault_allows(
	const struct deliver_fault *fault, size_t request_len, size_t body_len, uint64_t elapsed_ms);

/* Where the request is cut off; `request_len` when it is not. */
size_t fault_end(const struct deliver_fault *fault, size_t request_len, size_t body_len);
