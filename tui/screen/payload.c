#include "tui/screen/payload.h"

void payload_drop(struct payload *payload) {
	outline_seek_free(payload->jump);
	outline_free(payload->outline);
	folds_clear(&payload->folds);
	buffer_clear(&payload->path);
	*payload = (struct payload){0};
}
