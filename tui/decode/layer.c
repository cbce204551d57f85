#include "tui/decode/layer.h"

#include <brotli/decode.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "common/alloc.h"

/* zlib looks itself whether it is gzip or zlib. */
#define WINDOW_ANY (15 + 32)
#define WINDOW_RAW (-15)
/* Largest window of zstd that is given memory: 16 MiB. */
#define ZSTD_WINDOW_LOG 24

struct coding_kind {
	const char *name;
	bool (*open)(struct layer *layer);
	enum layer_state (*step)(
		struct layer *layer, struct span *in, char *out, size_t room, size_t *written);
	void (*close)(struct layer *layer);
	const char *magic; /* another one begins so; NULL: one is all */
};

struct layer {
	const struct coding_kind *kind;
	z_stream zlib;
	BrotliDecoderState *brotli;
	ZSTD_DStream *zstd;
	bool begun, raw;
};

/* --- gzip and deflate --- */

static bool open_zlib(struct layer *layer) {
	return inflateInit2(&layer->zlib, WINDOW_ANY) == Z_OK;
}

static void close_zlib(struct layer *layer) {
	inflateEnd(&layer->zlib);
}

static int inflate_some(
	struct layer *layer, struct span *in, char *out, size_t room, size_t *written) {
	z_stream *zlib = &layer->zlib;
	zlib->next_in = (Bytef *)(uintptr_t)in->data;
	zlib->avail_in = (uInt)in->len;
	zlib->next_out = (Bytef *)out;
	zlib->avail_out = (uInt)room;
	int result = inflate(zlib, Z_NO_FLUSH);
	*written = room - zlib->avail_out;
	if (result != Z_DATA_ERROR || layer->begun) {
		*in = span_after(*in, in->len - zlib->avail_in);
	}
	return result;
}

static enum layer_state step_zlib(
	struct layer *layer, struct span *in, char *out, size_t room, size_t *written) {
	int result = inflate_some(layer, in, out, room, written);
	bool may_be_raw = span_is(span_text(layer->kind->name), "deflate") && !layer->raw;
	if (result == Z_DATA_ERROR && !layer->begun && may_be_raw && *written == 0) {
		layer->raw = true; /* many send deflate without the header of zlib */
		inflateReset2(&layer->zlib, WINDOW_RAW);
		result = inflate_some(layer, in, out, room, written);
	}
	layer->begun = true;
	return result == Z_STREAM_END                    ? LAYER_END
	       : result == Z_OK || result == Z_BUF_ERROR ? LAYER_GO_ON
	                                                 : LAYER_BROKEN;
}

/* --- br --- */

static bool open_brotli(struct layer *layer) {
	layer->brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	return layer->brotli != NULL;
}

static void close_brotli(struct layer *layer) {
	BrotliDecoderDestroyInstance(layer->brotli);
}

static enum layer_state step_brotli(
	struct layer *layer, struct span *in, char *out, size_t room, size_t *written) {
	size_t in_left = in->len, out_left = room;
	const uint8_t *next_in = (const uint8_t *)in->data;
	uint8_t *next_out = (uint8_t *)out;
	BrotliDecoderResult result = BrotliDecoderDecompressStream(
		layer->brotli, &in_left, &next_in, &out_left, &next_out, NULL);
	*written = room - out_left;
	*in = span_after(*in, in->len - in_left);
	return result == BROTLI_DECODER_RESULT_SUCCESS ? LAYER_END
	       : result == BROTLI_DECODER_RESULT_ERROR ? LAYER_BROKEN
	                                               : LAYER_GO_ON;
}

/* --- zstd --- */

static bool open_zstd(struct layer *layer) {
	layer->zstd = ZSTD_createDStream();
	return layer->zstd &&
	       !ZSTD_isError(ZSTD_DCtx_setParameter(layer->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG));
}

static void close_zstd(struct layer *layer) {
	ZSTD_freeDStream(layer->zstd);
}

static enum layer_state step_zstd(
	struct layer *layer, struct span *in, char *out, size_t room, size_t *written) {
	ZSTD_inBuffer from = {in->data, in->len, 0};
	ZSTD_outBuffer to = {out, room, 0};
	size_t result = ZSTD_decompressStream(layer->zstd, &to, &from);
	*written = to.pos;
	*in = span_after(*in, from.pos);
	return ZSTD_isError(result) ? LAYER_BROKEN : result == 0 ? LAYER_END : LAYER_GO_ON;
}

/* --- all of them --- */

static const struct coding_kind kinds[] = {
	{"gzip", open_zlib, step_zlib, close_zlib, "\x1f\x8b"},
	{"x-gzip", open_zlib, step_zlib, close_zlib, "\x1f\x8b"},
	{"deflate", open_zlib, step_zlib, close_zlib, NULL},
	{"br", open_brotli, step_brotli, close_brotli, NULL},
	{"zstd", open_zstd, step_zstd, close_zstd, "\x28\xb5\x2f\xfd"},
};

struct layer *layer_new(struct span name) {
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!span_equal_nocase(name, span_text(kinds[i].name))) {
			continue;
		}
		struct layer *layer = alloc_zero(1, sizeof *layer);
		layer->kind = &kinds[i];
		if (kinds[i].open(layer)) {
			return layer;
		}
		free(layer);
	}
	return NULL;
}

void layer_free(struct layer *layer) {
	if (layer) {
		layer->kind->close(layer);
		free(layer);
	}
}

enum layer_state layer_step(
	struct layer *layer, struct span *in, char *out, size_t room, size_t *written) {
	return layer->kind->step(layer, in, out, room, written);
}

bool layer_again(struct layer *layer, struct span rest) {
	const char *magic = layer->kind->magic;
	if (!magic || !span_starts_with(rest, span_text(magic))) {
		return false;
	}
	if (layer->kind->close == close_zlib) {
		inflateReset(&layer->zlib);
	}
	return true;
}
