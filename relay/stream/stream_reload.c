/* What of the stream can change while it runs. */
#include "relay/stream/stream_parts.h"

bool stream_reload_tokens(struct stream *stream, const char *token_file, struct error *err) {
	struct tokens *tokens = tokens_load(token_file, err);
	if (!tokens) {
		return error_prefix(err, "stream");
	}
	tokens_free(stream->tokens);
	stream->tokens = tokens;
	return true;
}
