// Counts the heap allocations of each thread, so that tests and benchmarks can show that a tick makes none.
#pragma once

/// Allocations (malloc, calloc, realloc, aligned) that the calling thread has made so far.
unsigned long malloc_counter_thread(void);
