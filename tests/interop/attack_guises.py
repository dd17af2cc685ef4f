# SPDX-License-Identifier: Apache-2.0
"""attack_guises.py SERVERS: another document under the guise of the same one,
by what a verifier may take for equal, for hidden or for filled in; lines as
attack_pdf.py's."""
import os

from attack_doc import PRICE, Doc
from attack_lib import emit

PAGE = 'page-changed'


def equal():
    """One new object for two that were different."""
    cls = 'one-for-several'
    text = '/A gs ' + PRICE + ' /B gs BT /F 12 Tf 105 200 Td (000) Tj ET'
    seen, unseen = '<</ca 1/CA 1>>', '<</ca 0/CA 0>>'
    apart = '/ExtGState<</A%s/B%s>>' % (seen, unseen)
    shared = '/ExtGState<</A 20 0 R/B 20 0 R>>'
    doc = Doc(text, resources=apart).sign()
    twin = doc.update({3: doc.changed(3, apart, apart.replace(
        seen, ' 30 0 R').replace(unseen, ' 31 0 R')), 30: seen, 31: unseen})
    emit(cls, doc.update({3: doc.changed(3, apart, apart.replace(
        seen, ' 30 0 R').replace(unseen, ' 30 0 R')), 30: seen}), twin, PAGE)
    doc = Doc(text, resources=shared, more={20: seen}).sign()
    twin = doc.update({3: doc.changed(3, shared, shared.replace(
        ' 20 0 R', seen))})
    emit(cls, doc.update({3: doc.changed(3, shared, apart)}), twin, PAGE)


def main():
    os.makedirs('samples', exist_ok=True)
    equal()


if __name__ == '__main__':
    main()
