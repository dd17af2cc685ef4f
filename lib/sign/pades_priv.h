/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_PRIV_H
#define DEED_SIGN_PADES_PRIV_H

#include "pdf/input.h"

/*
 * What the files behind sign/pades.h share.  A fault of the input names it:
 * what the pdf floor says of an object does not know whose it is.  Returns
 * status.
 */
enum deed_status pades_name_input(const struct pdf_input *in,
				  enum deed_status status,
				  struct deed_error *err);

#endif
