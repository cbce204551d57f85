#include "relay/stream/upload.h"

#include <stdlib.h>

static enum given give(struct request *request, struct buffer *out, struct item **content) {
	(void)request;
	(void)out;
	(void)content;
	return GIVEN_NOTHING;
}

void upload_free(struct upload *upload) {
	frame_content_clear(&upload->content);
	if (upload->release) {
		upload->release(upload);
	}
	free(upload);
}

static void release(struct request *request) {
	upload_free((struct upload *)request);
}

static const struct request_kind kind = {give, release};

static void refuse(struct upload *upload, const struct error *err) {
	struct session *session = upload->request.session;
	struct buffer out = {0};
	request_error(&out, upload->request.id, err);
	session_reply(session, buffer_span(&out));
	buffer_clear(&out);
	session_drop(session, &upload->request);
}

void upload_bytes(struct request *request, const struct frame_header *header, struct span payload) {
	struct upload *upload = (struct upload *)request;
	struct error err = {0};
	if (!frame_content_add(&upload->content, header, payload, &err)) {
		refuse(upload, &err);
	} else if (!upload->content.open) {
		upload->complete(upload);
	}
}

bool upload_begin(struct upload *upload, struct session *session, uint32_t id,
	const int64_t lens[FRAME_KINDS], int64_t most, struct error *err) {
	if (!frame_content_begin(&upload->content, id, lens, most, err)) {
		return false;
	}
	session_abandon_upload(session);
	session_add(session, &upload->request, &kind, id);
	if (upload->content.open) {
		session_set_upload(session, &upload->request);
	} else {
		upload->complete(upload);
	}
	return true;
}
