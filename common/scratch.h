/* A mark for large locals on ways that are taken for every request. */
#pragma once

/*
 * The compiler fills every local with zeros (-ftrivial-auto-var-init): a sound habit that costs as much as the rest of a short
 * function when the local is large. What bears this mark is written before it is read, which the sanitized tests hold us to.
 */
#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define SCRATCH __attribute__((uninitialized))
#endif
#endif
#ifndef SCRATCH
#define SCRATCH
#endif
