#include "common/endpoint_url.h"

void endpoint_url_append(
	struct buffer *out, struct span ingest_url, struct span name, struct span host) {
	if (host.len > 0) {
		bool secure = span_starts_with(ingest_url, span_text("https:"));
		buffer_append_text(out, secure ? "https://" : "http://");
		buffer_append_span(out, host);
	} else {
		buffer_append_span(out, ingest_url);
		buffer_append_text(out, "/e/");
		buffer_append_span(out, name);
	}
	buffer_append_byte(out, '/');
}
