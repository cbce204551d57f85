/* SipHash-2-4: a hash of bytes from outside that nobody can steer who does not know the key. */
#pragma once

#include <stdint.h>

#include "common/span.h"

uint64_t siphash(const uint64_t key[2], struct span bytes);
