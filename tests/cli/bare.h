/* SPDX-License-Identifier: Apache-2.0 */

/* Read after config.h: what configure --without-draw --without-look says. */
#undef HAVE_DRAW
#undef HAVE_LOOK
