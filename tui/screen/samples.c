#include "tui/screen/samples.h"

#include <string.h>

static bool begins_provider(size_t i) {
	return i == 0 || strcmp(samples_builtin[i].provider, samples_builtin[i - 1].provider) != 0;
}

const struct sample *samples_row(const char *provider, size_t row) {
	size_t count;
	if (provider) {
		const struct sample *first = sample_first(provider, &count);
		return row < count ? first + row : NULL;
	}
	for (size_t i = 0; i < samples_builtin_count; i++) {
		if (begins_provider(i) && row-- == 0) {
			return &samples_builtin[i];
		}
	}
	return NULL;
}

size_t samples_row_count(const char *provider) {
	size_t count = 0;
	if (provider) {
		sample_first(provider, &count);
		return count;
	}
	for (size_t i = 0; i < samples_builtin_count; i++) {
		count += begins_provider(i);
	}
	return count;
}
