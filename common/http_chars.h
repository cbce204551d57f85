/* Which bytes may stand where in HTTP/1.1 (RFC 9110 section 5.6, RFC 3986 section 3.2). */
#pragma once

#include <stddef.h>

#include "common/span.h"

enum http_chars {
	HTTP_TOKEN = 1,  /* methods and header names */
	HTTP_TARGET = 2, /* anything but controls, blank and DEL; 0x80 up as sent */
	HTTP_VALUE = 4,  /* header values and chunk extensions: HTTP_TARGET, blank and tab */
	HTTP_HOST =
		8, /* registered names: RFC 3986 reg-name without the comma, which would make a list of it */
};

/* How many of the first bytes belong to the class. */
size_t http_run(struct span bytes, enum http_chars chars);

/* The value of a hexadecimal digit, or -1. */
int http_hex_digit(char byte);
