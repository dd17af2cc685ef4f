/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "tlog/note_priv.h"
#include "codec/base64.h"
#include "crypto/ed25519.h"

void note_cosigned(struct slice text, uint64_t time, struct buf *out)
{
	buf_printf(out, "cosignature/v1\ntime %" PRIu64 "\n", time);
	buf_slice(out, text);
}

/* Room for the longer of the two kinds, a cosignature with its time.  It is
 * ended by a newline as every line of a note. */
static void put_signature(const struct note_verifier *v, struct slice signature,
			  struct buf *out)
{
	uint8_t bytes[NOTE_ID_SIZE + NOTE_TIME_SIZE + NOTE_SIGNATURE_SIZE];

	bytes[0] = (uint8_t)(v->id >> 24);
	bytes[1] = (uint8_t)(v->id >> 16);
	bytes[2] = (uint8_t)(v->id >> 8);
	bytes[3] = (uint8_t)v->id;
	memcpy(bytes + NOTE_ID_SIZE, signature.data, signature.len);
	buf_printf(out, NOTE_DASH "%s ", v->name);
	base64_encode(slice_of(bytes, NOTE_ID_SIZE + signature.len), out);
	buf_byte(out, '\n');
}

enum deed_status note_sign(const struct note_signer *s, struct slice text,
			   struct buf *out, struct deed_error *err)
{
	uint8_t signature[NOTE_SIGNATURE_SIZE];

	ed25519_sign(secret_bytes(s->seed), text, signature);
	buf_slice(out, text);
	buf_byte(out, '\n');
	put_signature(&s->verifier, slice_of(signature, sizeof(signature)),
		      out);
	return buf_status(out, err);
}

enum deed_status note_cosign(const struct note_signer *s, struct slice text,
			     int64_t time, struct buf *out,
			     struct deed_error *err)
{
	uint8_t bytes[NOTE_TIME_SIZE + NOTE_SIGNATURE_SIZE];
	struct buf message = BUF_INIT;
	enum deed_status status;
	int i;

	for (i = 0; i < NOTE_TIME_SIZE; i++)
		bytes[i] = (uint8_t)((uint64_t)time >> (56 - 8 * i));
	note_cosigned(text, (uint64_t)time, &message);
	status = buf_status(&message, err);
	if (status == DEED_OK)
		ed25519_sign(secret_bytes(s->seed), buf_get(&message),
			     bytes + NOTE_TIME_SIZE);
	buf_clear(&message);
	if (status != DEED_OK)
		return status;
	put_signature(&s->verifier, slice_of(bytes, sizeof(bytes)), out);
	return buf_status(out, err);
}
