/* A text as a QR code, by libqrencode where hookline was built with it. */
#include "tui/app_parts.h"

#ifdef HAVE_QRENCODE

#include <errno.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

/* Beyond the lowest bit of a module stands what it is for. */
static void tell(struct app *app, struct span text, const QRcode *code) {
	size_t size = (size_t)code->width;
	unsigned char *modules = alloc_bytes(size * size);
	for (size_t i = 0; i < size * size; i++) {
		modules[i] = code->data[i] & 1;
	}
	const struct msg_qr qr = {size, modules};
	app_tell(app, &(struct msg){.type = MSG_QR, .text = text, .qr = &qr});
	free(modules);
}

void app_qr(struct app *app, struct span text) {
	struct error err = {0};
	QRcode *code =
		QRcode_encodeData((int)text.len, (const unsigned char *)text.data, 0, QR_ECLEVEL_L);
	if (code) {
		tell(app, text, code);
		QRcode_free(code);
		return;
	}
	error_set(&err, ERROR_NO, "this is no QR code: %s", strerror(errno));
	app_tell(app, &(struct msg){.type = MSG_QR, .error = &err});
}

#else

void app_qr(struct app *app, struct span text) {
	struct error err = {0};
	(void)text;
	error_set(&err, ERROR_NO, "this hookline was built without libqrencode, which makes QR codes");
	app_tell(app, &(struct msg){.type = MSG_QR, .error = &err});
}

#endif
