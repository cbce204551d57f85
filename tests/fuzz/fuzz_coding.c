/*
 * Undoing a Content-Encoding stays within its limits, comes to an end, and gives the same however it is sliced. The first byte of the input says
 * which codings the head names.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tui/decode/coding.h"

/* What a slice may add beyond a limit. */
#define SLICE_MAX ((size_t)1024 * 1024)

static const char *const names[] = {"gzip", "deflate", "br", "zstd", "gzip, gzip", "br, gzip",
	"zstd, identity", "x-gzip, deflate", "compress", "deflate, br, zstd, gzip",
	"gzip, gzip, gzip, gzip, gzip"};

static struct coding *decoded(const char *name, struct span bytes, size_t budget) {
	struct coding *coding = coding_new(span_text(name), bytes);
	size_t slices = 0;
	while (coding && coding_step(coding, budget) == CODING_GO_ON) {
		HOLDS(++slices <= 2 * (bytes.len + CODING_DECODED_MAX));
	}
	return coding;
}

static void is_within_limits(const struct coding *coding, size_t received) {
	struct span made = coding_decoded(coding);
	struct buffer note = {0};
	coding_append_note(coding, &note);
	HOLDS(note.len > 0 && note.len < 500);
	HOLDS(made.len <= CODING_DECODED_MAX + SLICE_MAX);
	HOLDS(made.len <= CODING_RATIO_FROM + SLICE_MAX ||
		  made.len / CODING_RATIO_MAX <= received + SLICE_MAX / CODING_RATIO_MAX);
	HOLDS(coding_state(coding) != CODING_UNKNOWN || made.len == 0);
	buffer_clear(&note);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	if (len < 2) {
		return 0;
	}
	const char *name = names[data[0] % (sizeof names / sizeof *names)];
	struct span bytes = {(const char *)data + 1, len - 1};
	struct coding *whole = decoded(name, bytes, SIZE_MAX), *sliced = decoded(name, bytes, 1);
	HOLDS(!whole == !sliced);
	if (whole) {
		is_within_limits(whole, bytes.len);
		HOLDS(coding_state(whole) == coding_state(sliced));
		HOLDS(span_equal(coding_decoded(whole), coding_decoded(sliced)));
	}
	coding_free(whole);
	coding_free(sliced);
	return 0;
}
