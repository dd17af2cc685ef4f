/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_CPU_H
#define DEED_BASE_CPU_H

#include <stdint.h>

/* Milliseconds of CPU that this process has used, and those of its children
 * that were waited for: for a limit of what many files take together. */
int64_t cpu_used_ms(void);

#endif
