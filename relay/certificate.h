/* The files of a certificate and its key, looked at before libwebsockets gets them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/error.h"

/* ERROR_CONFIG says which of the two is wrong and why. */
bool certificate_check(const char *certificate, const char *key, struct error *err);
/* When the certificate in this file ends, in seconds since 1970; 0 when it cannot be read. */
int64_t certificate_not_after(const char *certificate);
