/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_WORKER_WIRE_H
#define DEED_BASE_WORKER_WIRE_H

#include "base/frame.h"

/*
 * What both ends of base/worker.h know.  The helper's standard input is a
 * Unix socket, on which it says HELLO first, with a byte that is 1 if the
 * kernel confines it.  An order is a frame whose first byte may carry one
 * descriptor; each order gets one frame back.
 */
#define WORKER_HELLO 0xfffffffeu
#define WORKER_BODY_MAX (64u << 20) /* of an order */

#endif
