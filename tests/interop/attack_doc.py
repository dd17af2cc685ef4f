# SPDX-License-Identifier: Apache-2.0
"""A PDF of one page, by its objects, that is signed and then updated; for
attack_sight.py and attack_reading.py.

Numbers: 1 catalog, 2 page tree, 3 page, 4 its content, 5 form, 6 a text field
with the appearance 9, 8 a font.  Whatever else is added begins at 20.
"""
import re

from attack_lib import SIZE, complete
from attack_pdf import Pdf, stream

SIGNED_KIND = '/Type/Sig/SubFilter/ETSI.CAdES.detached'
STAMP_KIND = '/Type/DocTimeStamp/SubFilter/ETSI.RFC3161'
PRICE = 'BT /F 12 Tf 20 200 Td (The price is 10) Tj ET'


def form_x(data, extra='', box='0 0 100 40'):
    """A form XObject with the font F."""
    resources = '' if '/Resources' in extra else \
        '/Resources<</Font<</F 8 0 R>>>>'
    return stream(data, '/Type/XObject/Subtype/Form/BBox[%s]%s%s' %
                  (box, resources, extra))


def text_field(value='abc', look='9 0 R', rect='10 10 90 30', more='',
               name='text'):
    return ('<</FT/Tx/T(%s)/Type/Annot/Subtype/Widget/Rect[%s]/P 3 0 R/F 4'
            '/DA(/F 9 Tf 0 g)/V(%s)%s%s>>' %
            (name, rect, value, '/AP<</N %s>>' % look if look else '', more))


def text_look(text, box='0 0 80 20'):
    return form_x('/Tx BMC q BT /F 9 Tf 2 6 Td (%s) Tj ET Q EMC' % text,
                  box=box)


def appended(body, key, text):
    """An array with more in it; made if it is not there."""
    if not text:
        return body
    if re.search(r'/%s\s*\[' % key, body):
        return re.sub(r'/%s\s*\[([^\]]*)\]' % key, lambda m: '/%s[%s %s]' %
                      (key, m[1], text), body, count=1)
    return more_of(body, '/%s[%s]' % (key, text))


def more_of(body, text):
    """A dictionary with more in it."""
    i = body.rindex('>>')
    assert body[i:] == '>>'
    return body[:i] + text + '>>'


class Doc:
    """One revision after another; objects has the newest bodies."""

    def __init__(self, content=PRICE, page='', resources='', more=(),
                 form='', catalog='', drop=''):
        self.objects = {
            1: '<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R%s>>' % catalog,
            2: '<</Type/Pages/Kids[3 0 R]/Count 1>>',
            3: '<</Type/Page/Parent 2 0 R%s/Contents 4 0 R%s/Resources'
               '<</Font<</F 8 0 R>>%s>>/Annots[6 0 R]>>' %
               ('' if '/MediaBox' in page else '/MediaBox[0 0 300 300]',
                page, resources),
            4: stream(content),
            5: '<</Fields[6 0 R]/SigFlags 3%s%s>>' % (
                form, '' if drop == 'DR' else
                '/DA(/F 0 Tf 0 g)/DR<</Font<</F 8 0 R>>>>'),
            6: text_field(),
            8: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
            9: text_look('abc')}
        self.objects.update(more)
        self.data = Pdf().save(self.objects).data
        self.ends = []

    def clone(self):
        other = Doc.__new__(Doc)
        other.objects, other.data = dict(self.objects), self.data
        other.ends = list(self.ends)
        return other

    def fresh(self):
        return max(20, max(self.objects) + 1)

    def with_annotation(self, *numbers):
        """The page with more annotations."""
        return appended(self.objects[3], 'Annots',
                        ' '.join('%d 0 R' % n for n in numbers))

    def with_field(self, *numbers):
        return appended(self.objects[5], 'Fields',
                        ' '.join('%d 0 R' % n for n in numbers))

    def changed(self, num, old, new):
        body = self.objects[num]
        assert old in body, (num, old, body)
        return body.replace(old, new, 1)

    def plus(self, num, text):
        return more_of(self.objects[num], text)

    def later(self, objects):
        """The document with an update behind it."""
        other = self.clone()
        other.objects.update(objects)
        other.data = Pdf(self.data).save(objects).data
        return other

    def update(self, objects):
        return self.later(objects).data

    def sign(self, p=None, look='/Rect[0 0 0 0]', more=(), kind=SIGNED_KIND,
             value=None, lock=None, extra='', listed=True, field=None):
        """Signed by alice in a new field, or in the field of that number;
        p is DocMDP's, lock FieldMDP's parameters."""
        number = max(self.fresh(), max(dict(more), default=0) + 1)
        methods = []
        if p:
            methods.append(('DocMDP', '/P %d/V/1.2' % p))
        if lock:
            methods.append(('FieldMDP', '/V/1.2' + lock))
        reference = ''.join(
            '<</Type/SigRef/TransformMethod/%s/TransformParams'
            '<</Type/TransformParams%s>>>>' % m for m in methods)
        objects = {number: '<<%s/Filter/Adobe.PPKLite/ByteRange[0 %s]'
                   '/Contents<%s>%s>>' %
                   (kind, 'X' * 40, '0' * SIZE, '/Reference[%s]' % reference
                    if reference else '')}
        if field:
            objects[field] = self.plus(field, '/V %d 0 R%s' % (number, extra))
        else:
            objects[number + 1] = (
                '<</FT/Sig/T(s%d)/Type/Annot/Subtype/Widget/F 132/P 3 0 R'
                '/V %d 0 R%s%s>>' % (number, number, look, extra))
            objects[3] = appended(dict(more).get(3, self.objects[3]),
                                  'Annots', '%d 0 R' % (number + 1))
            objects[5] = appended(dict(more).get(5, self.objects[5]),
                                  'Fields', '%d 0 R' % (number + 1))
        if p:
            objects[1] = self.plus(1, '/Perms<</DocMDP %d 0 R>>' % number)
        other = self.later({**dict(more), **objects})
        other.data = complete(other.data, value=value)
        other.ends.append(len(other.data))
        return other


def annotation(doc, kind, rect, more='', objects=()):
    n = doc.fresh() + 10
    return doc.update({
        3: doc.with_annotation(n), **dict(objects),
        n: '<</Type/Annot/Subtype/%s/P 3 0 R%s/Rect[%s]%s>>' % (
            kind, '' if '/F ' in more else '/F 4', rect, more)})
