# SPDX-License-Identifier: Apache-2.0
"""
EST (RFC 7030) for front.py: /est/MODE/.well-known/est/OPERATION.

	good, line, der, crlf	a certificate of ca, the base64 broken into
				lines, not, not base64, with CR LF
	pending			202 until the file est.ready is there
	case-NAME		what case-NAME.pem holds
	other			the certificate of another key, other.pem
	html, empty, cut, signed	200 and none
	short			200, cut off by the end of the connection
	refuse, deny, busy	400 with words, 403 with a page, 503
	noroots			as good, but cacerts is a page
"""
import base64
import os
import subprocess
import tempfile

EXTENSIONS = '''basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
'''
PAGE = b'<html><body>Please log in</body></html>'
KIND = 'application/pkcs7-mime'
serial = [0x5000]


def openssl(command, data=None):
    return subprocess.run(['openssl'] + command, input=data, check=True,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def bundle(*names):
    command = ['crl2pkcs7', '-nocrl', '-outform', 'DER']
    for name in names:
        command += ['-certfile', name]
    return openssl(command)


def issue(folder, body):
    at = os.path.join
    serial[0] += 1
    with tempfile.TemporaryDirectory() as d:
        with open(at(d, 'csr'), 'wb') as f:
            f.write(base64.b64decode(body))
        with open(at(d, 'ext'), 'w') as f:
            f.write(EXTENSIONS)
        openssl(['x509', '-req', '-inform', 'DER', '-in', at(d, 'csr'),
                 '-CA', at(folder, 'ca.pem'), '-CAkey', at(folder, 'ca.key'),
                 '-set_serial', str(serial[0]), '-days', '300', '-extfile',
                 at(d, 'ext'), '-out', at(d, 'pem')])
        return bundle(at(d, 'pem'))


def spell(mode, der):
    if mode == 'der':
        return der
    if mode == 'line':
        return base64.b64encode(der)
    text = base64.encodebytes(der)
    return text.replace(b'\n', b'\r\n') if mode == 'crlf' else text


def enroll(handler, folder, mode, body):
    at = os.path.join
    if mode == 'refuse':
        return handler.answer(400, b'no such customer here\n')
    if mode == 'deny':
        return handler.answer(403, PAGE, 'text/html')
    if mode == 'busy':
        return handler.answer(503, b'', Retry_After='30')
    if mode == 'html':
        return handler.answer(200, PAGE, 'text/html')
    if mode == 'empty':
        return handler.answer(200, b'', KIND)
    if mode == 'pending' and not os.path.exists(at(folder, 'est.ready')):
        return handler.answer(202, b'', Retry_After='90')
    if mode == 'signed':
        der = openssl(['cms', '-sign', '-signer', at(folder, 'other.pem'),
                       '-inkey', at(folder, 'other.key'), '-outform', 'DER'],
                      b'hello')
    elif mode == 'other':
        der = bundle(at(folder, 'other.pem'))
    elif mode.startswith('case-'):
        der = bundle(at(folder, os.path.basename(mode) + '.pem'))
    else:
        der = issue(folder, body)
    text = spell(mode, der)
    if mode == 'cut':
        text = text[:len(text) // 2]
    if mode == 'short':
        handler.send_response(200)
        handler.send_header('Content-Type', KIND)
        handler.send_header('Content-Length', str(len(text) + 100))
        handler.end_headers()
        handler.wfile.write(text)
        handler.close_connection = True
        return None
    return handler.answer(200, text, KIND, Content_Transfer_Encoding='base64')


def answer(handler, folder, path, body):
    mode, _, rest = path[1:].partition('/')
    operation = rest.rpartition('/')[2]
    if rest != '.well-known/est/' + operation:
        return handler.answer(404)
    if operation == 'cacerts' and body is None:
        if mode == 'noroots':
            return handler.answer(200, PAGE, 'text/html')
        der = bundle(os.path.join(folder, 'ca.pem'),
                     os.path.join(folder, 'root.pem'))
        return handler.answer(200, spell(mode, der), KIND)
    if operation == 'simpleenroll' and body is not None:
        return enroll(handler, folder, mode, body)
    return handler.answer(404)
