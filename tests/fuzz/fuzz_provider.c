/*
 * A user's provider file is loaded, or refused with its name, line and column in front; what was loaded can be asked about
 * any message.
 */
#include <string.h>
#include <unistd.h>

#include "common/message.h"
#include "common/signature/provider.h"
#include "tests/fuzz/fuzz.h"

static void check_provider(const struct catalogue *catalogue, const struct provider *provider) {
	struct message message = {0};
	struct buffer ambiguous = {0}, type = {0}, id = {0};
	struct span head = span_text("POST / HTTP/1.0\r\nX-Event: a\r\nX-Signature: t=1,v1=00\r\n\r\n");
	HOLDS(provider->name[0] != '\0' && provider->recipe_count + provider->handshake_count > 0);
	HOLDS(message_parse(&message, head, span_text("{\"type\":\"t\",\"id\":7}"), NULL));
	catalogue_recognise(catalogue, &message, &ambiguous);
	provider_describe(provider, &message, &type, &id);
	message_clear(&message);
	buffer_clear(&ambiguous);
	buffer_clear(&type);
	buffer_clear(&id);
}

/* The reader wants a name, and it names the provider: "/dev/fd/7" makes provider 7 of a file that has no other name. */
static const char *file_of(const uint8_t *data, size_t len) {
	static char name[32];
	static FILE *file;
	if (!file) {
		file = tmpfile();
		HOLDS(file);
		snprintf(name, sizeof name, "/dev/fd/%d", fileno(file));
	}
	HOLDS(ftruncate(fileno(file), 0) == 0);
	HOLDS(pwrite(fileno(file), data, len, 0) == (ssize_t)len);
	return name;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct error err = {0};
	struct catalogue *catalogue = catalogue_new();
	const char *file = file_of(data, len);
	if (catalogue_load(catalogue, file, &err)) {
		for (size_t i = 0; i < catalogue_count(catalogue); i++) {
			check_provider(catalogue, catalogue_at(catalogue, i));
		}
	} else {
		HOLDS(err.code == ERROR_CONFIG);
		HOLDS(strncmp(err.text, file, strlen(file)) == 0);
	}
	catalogue_free(catalogue);
	return 0;
}
