/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_ASIC_TIMESTAMP_H
#define DEED_SIGN_ASIC_TIMESTAMP_H

#include "asic/zip_write.h"
#include "sign/asic.h"
#include "sign/augment.h"

/*
 * ASiC-S with a time-stamp token (ETSI EN 319 162-1 4.3.3.2): one file, and
 * META-INF/timestamp.tst over its octets.  The file is read once, in windows.
 * DEED_USAGE where the file's name cannot be in a container.
 */
enum deed_status asic_timestamp(const struct asic_file *file,
				const struct augment_params *params,
				const struct zip_sink *sink,
				struct deed_error *err) DEED_MUST_USE;

#endif
