#include "common/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *err, enum error_code code, const char *format, ...) {
	if (!err) {
		return false;
	}
	va_list args;
	va_start(args, format);
	err->code = code;
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	return false;
}

bool error_prefix(struct error *err, const char *format, ...) {
	if (!err) {
		return false;
	}
	char told[sizeof err->text];
	memcpy(told, err->text, sizeof told);

	va_list args;
	va_start(args, format);
	int used = vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	if (used >= 0 && (size_t)used < sizeof err->text) {
		snprintf(err->text + used, sizeof err->text - (size_t)used, ": %s", told);
	}
	return false;
}

int error_exit_code(const struct error *err) {
	switch (err->code) {
	case ERROR_NONE:
		return 0;
	case ERROR_USAGE:
		return 2;
	case ERROR_UNREACHABLE:
		return 3;
	case ERROR_REFUSED:
		return 4;
	case ERROR_CONFIG:
		return 5;
	case ERROR_APP:
		return 6;
	case ERROR_IO:
	case ERROR_NO:
	case ERROR_FULL:
		return 1;
	}
	return 1;
}
